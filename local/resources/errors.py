"""What can go wrong between a Pulumi resource and the AWS API.

```
ResourceFailure
├── UnknownKind        the program uses a resource that nothing here can make
├── UnknownInvoke      the program asks a function that nothing here can answer
├── InvalidInputs      the resource's inputs are not what the AWS API takes
└── Refused            the AWS API answered with an error
ApiError               the same answer before it is known which resource it was for
```
"""

from collections.abc import Sequence


class ResourceFailure(Exception):
    """A resource could not be made, read, changed or removed; `token` and `name` say which."""

    def __init__(self, token: str, name: str, problem: str) -> None:
        super().__init__(f"{token} {name!r}: {problem}")
        self.token = token
        self.name = name
        self.problem = problem


class UnknownKind(ResourceFailure):
    """The program uses a kind of resource that is not in the table of `local.resources`."""

    def __init__(self, token: str, name: str) -> None:
        super().__init__(
            token,
            name,
            "the local system has no such kind of resource; add one to local/resources",
        )


class UnknownInvoke(ResourceFailure):
    """The program calls a provider function that is not in the table of `local.resources`."""

    def __init__(self, token: str) -> None:
        super().__init__(
            token, "", "the local system has no such function; add one to local/resources"
        )


class InvalidInputs(ResourceFailure):
    """The inputs of a resource do not fit the AWS API's own description of them."""

    def __init__(self, token: str, name: str, failures: Sequence[str]) -> None:
        super().__init__(token, name, "; ".join(failures))
        self.failures = tuple(failures)


class Refused(ResourceFailure):
    """The AWS API refused; `code` is its error code, `operation` the call that it refused."""

    def __init__(self, token: str, name: str, error: "ApiError") -> None:
        super().__init__(token, name, str(error))
        self.operation = error.operation
        self.code = error.code


class ApiError(Exception):
    """An error that the AWS API answered with, or that kept a call from reaching it."""

    def __init__(self, service: str, operation: str, code: str, message: str) -> None:
        super().__init__(f"{service} {operation}: {code}: {message}")
        self.service = service
        self.operation = operation
        self.code = code
        self.message = message
