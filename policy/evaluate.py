"""Whether a statement of a resource policy applies to a request: AWS's rules, as far as needed.

Operators as in the IAM guide, "Condition operators": a negated one and one of all values are true
where the key is absent, every other one false.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policy.documents import Condition, Statement
from policy.patterns import like


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call as the resource's policy sees it.

    Attributes:
        context: condition keys in lower case; one that is not there is absent in the call.
    """

    principal_kind: str
    principal: str
    action: str
    context: Mapping[str, str]


def by_service(service: str, action: str, *, source: str, account: str | None) -> Request:
    """A call that an AWS service makes for one of our resources."""
    context = {
        "aws:principalisawsservice": "true",
        "aws:securetransport": "true",
        "aws:sourcearn": source,
    }
    if account is not None:
        context["aws:sourceaccount"] = account
    return Request(principal_kind="Service", principal=service, action=action, context=context)


def by_role(role_arn: str, action: str, *, account: str | None) -> Request:
    """A call that a role of the own account makes over TLS."""
    context = {
        "aws:principalisawsservice": "false",
        "aws:securetransport": "true",
        "aws:principalarn": role_arn,
    }
    if account is not None:
        context["aws:principalaccount"] = account
    return Request(principal_kind="AWS", principal=role_arn, action=action, context=context)


def applies(statement: Statement, request: Request) -> bool:
    """Whether the statement, allowing or denying, is about the request."""
    return (
        statement.covers(request.action)
        and _principal(statement, request)
        and all(_holds(condition, request.context) for condition in statement.conditions)
    )


def denied(statements: Iterable[Statement], request: Request) -> bool:
    """Whether a denial applies."""
    return any(not item.allows and applies(item, request) for item in statements)


def allowed_by(statements: Iterable[Statement], request: Request) -> bool:
    """Whether some statement allows the request and none denies it."""
    known = tuple(statements)
    return any(item.allows and applies(item, request) for item in known) and not denied(
        known, request
    )


def _principal(statement: Statement, request: Request) -> bool:
    if statement.not_principals:
        excepted = statement.not_principals.get(request.principal_kind, ())
        return not any(like(request.principal, name) for name in excepted)
    names = statement.principals.get(request.principal_kind, ())
    everybody = "*" in statement.principals.get("AWS", ())
    return everybody or any(like(request.principal, name) for name in names)


def _holds(condition: Condition, context: Mapping[str, str]) -> bool:
    operator = condition.test
    value = context.get(condition.key)
    if operator == "null":
        return ("true" in condition.values) == (value is None)
    negated = "not" in operator
    if value is None:
        of_all = condition.operator.lower().startswith("forallvalues:")
        return negated or of_all or operator.endswith("ifexists")
    patterns = "like" in operator or operator.startswith("arn")
    if patterns:
        matches = any(like(value, item) for item in condition.values)
    else:
        matches = value in condition.values
    return matches != negated
