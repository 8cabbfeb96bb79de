"""Who may invoke a function, and what becomes of invocations that nobody waits for."""

from typing import TYPE_CHECKING

from local.resources.kind import Kind, Properties, Request, absent_is_fine
from local.resources.shapes import parameters, properties

if TYPE_CHECKING:
    from local.resources.clients import Clients

GONE = "ResourceNotFoundException"


class Permission(Kind):
    """A statement in a function's own policy: who may invoke it."""

    pulumi_type = "aws:lambda/permission:Permission"
    fixed = {"statementId": "AddPermission makes it; the API has no call that changes it"}
    schema = "AWS::Lambda::Permission"
    schema_names = {"function": "FunctionName"}
    named = "statementId"
    names = {"function": "FunctionName", "principalOrgId": "PrincipalOrgID"}

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes("lambda", "AddPermission")
        return Request(
            service="lambda",
            operation="AddPermission",
            parameters=parameters(shape, self.own(inputs), self.names),
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        aws.call("lambda", "AddPermission", **self.request(aws, inputs).parameters)
        return inputs["statementId"], {}

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        id_ = inputs["statementId"]
        return id_ if self.read(aws, id_, inputs) is not None else None

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE):
            policy = aws.call("lambda", "GetPolicy", FunctionName=state["function"])["Policy"]
            return {} if f'"{id_}"' in policy else None
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        self.delete(aws, id_, old)
        self.create(aws, new)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(GONE):
            aws.call("lambda", "RemovePermission", FunctionName=state["function"], StatementId=id_)


class FunctionEventInvokeConfig(Kind):
    """How a function's asynchronous invocations are retried, and where their failures go."""

    pulumi_type = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
    schema = "AWS::Lambda::EventInvokeConfig"
    named = None

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes("lambda", "PutFunctionEventInvokeConfig")
        return Request(
            service="lambda",
            operation="PutFunctionEventInvokeConfig",
            parameters=parameters(shape, self.own(inputs), {}),
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        request = self.request(aws, inputs)
        aws.call("lambda", request.operation, **request.parameters)
        return ":".join([inputs["functionName"], *filter(None, [inputs.get("qualifier")])]), {}

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE):
            found = aws.call("lambda", "GetFunctionEventInvokeConfig", **_which(state))
            shape = aws.answers("lambda", "GetFunctionEventInvokeConfig")
            return properties(shape, found, {})
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        self.create(aws, new)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(GONE):
            aws.call("lambda", "DeleteFunctionEventInvokeConfig", **_which(state))


def _which(state: Properties) -> Properties:
    qualifier = {"Qualifier": state["qualifier"]} if state.get("qualifier") else {}
    return {"FunctionName": state["functionName"], **qualifier}
