from collections.abc import Iterator
from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.graph import Graph, Resource
from policy.iam.grants import Grant, grants_of
from policy.views.functions import role_of

_ACTIONABLE: Final = frozenset({tokens.QUEUE, tokens.TOPIC, tokens.TABLE, tokens.SECRET})
_SERVICES: Final = {
    tokens.QUEUE: "sqs",
    tokens.TOPIC: "sns",
    tokens.TABLE: "dynamodb",
    tokens.SECRET: "secretsmanager",
}


def _check(function: Resource, context: Context) -> Judgement:
    graph = context.graph
    role = role_of(graph, function)
    if role is None or not function.known("environment", "variables"):
        return
    for name in function.mapping("environment", "variables"):
        path = ("environment", "variables", name)
        for thing in _named(graph, function, path):
            if not _granted(graph, role, thing):
                yield Violation(
                    path=".".join(path),
                    found=f"{thing.name}, which the role {role.name} may not use",
                    wanted="a resource that the function's role may use",
                )


def _named(graph: Graph, function: Resource, path: tuple[str, ...]) -> Iterator[Resource]:
    if not function.known(*path):
        return
    found = graph.resolve(function.text(*path) or "", *_ACTIONABLE)
    if found is not None:
        yield found


def _granted(graph: Graph, role: Resource, thing: Resource) -> bool:
    service = _SERVICES[thing.type]
    return any(
        isinstance(grant, Grant)
        and grant.statement.allows
        and any(action.startswith(f"{service}:") for action in grant.statement.actions)
        and any(_stands_for(graph, text, thing) for text in grant.statement.resources)
        for grant in grants_of(graph, role)
    )


def _stands_for(graph: Graph, text: str, thing: Resource) -> bool:
    return text == "*" or graph.resolve(text) is thing


CONTROL = Control(
    id="lambda-environment-granted",
    title="A function is told only of resources that it may use",
    why="A URL, ARN or name that points to another's queue or table fails at the first message;"
    " one that it may use is worse.",
    severity=Severity.MEDIUM,
    fix="Pass the function's own resources, and grant what it needs of them.",
    sources=("https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",),
    judges=(tokens.FUNCTION,),
    reads={
        tokens.FUNCTION: ("environment", "role"),
        tokens.ROLE_POLICY: ("policy", "role"),
        tokens.ROLE: ("name", "inlinePolicies"),
        tokens.QUEUE: ("name",),
        tokens.TOPIC: ("name",),
        tokens.TABLE: ("name",),
        tokens.SECRET: ("name",),
    },
    check=_check,
)
