from collections.abc import Iterator, Mapping
from typing import Final, cast

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Undecided, Violation
from policy.documents import Statement
from policy.graph import Graph
from policy.iam.grants import gives
from policy.iam.inputs import ROLE_INPUTS
from policy.resource import Resource
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
    yield from _by_edges(graph, function, role)
    yield from _by_kind(graph, function, context)
    for name in function.mapping("environment", "variables"):
        path = ("environment", "variables", name)
        for thing in _named(graph, function, path):
            if not _granted(graph, role, thing):
                yield Violation(
                    path=".".join(path),
                    found=f"{thing.name}, which the role {role.name} may not use",
                    wanted="a resource that the function's role may use",
                )


def _by_edges(graph: Graph, function: Resource, role: Resource) -> Judgement:
    """Variables that are not known yet: what they are made from."""
    variables = function.mapping("environment", "variables")
    unknown = [name for name in variables if not function.known("environment", "variables", name)]
    made_from = graph.edges(function, "environment")
    if unknown and not made_from:
        yield Undecided(path=f"environment.variables.{unknown[0]}")
    for thing in made_from:
        if thing.type in _ACTIONABLE and not _granted(graph, role, thing):
            yield Violation(
                path="environment.variables",
                found=f"{thing.name}, which the role {role.name} may not use",
                wanted="a resource that the function's role may use",
            )


def _by_kind(graph: Graph, function: Resource, context: Context) -> Judgement:
    """Variables that have to name a resource of a type."""
    kinds = cast("Mapping[str, str]", context.parameters["kinds"])
    for name, token in kinds.items():
        path = ("environment", "variables", name)
        if not function.has_path(*path) or not function.known(*path):
            continue
        value = function.text(*path) or ""
        if graph.resolve(value, token) is None:
            yield Violation(path=".".join(path), found=value, wanted=f"a {token} of the program")


def _named(graph: Graph, function: Resource, path: tuple[str, ...]) -> Iterator[Resource]:
    if not function.known(*path):
        return
    found = graph.resolve(function.text(*path) or "", *_ACTIONABLE)
    if found is not None:
        yield found


def _granted(graph: Graph, role: Resource, thing: Resource) -> bool:
    service = f"{_SERVICES[thing.type]}:"

    def about_it(statement: Statement) -> bool:
        return any(action.lower().startswith(service) for action in statement.actions) and any(
            _stands_for(graph, text, thing) for text in statement.resources
        )

    return gives(graph, role, about_it)


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
        **ROLE_INPUTS,
        tokens.QUEUE: ("name",),
        tokens.TOPIC: ("name",),
        tokens.TABLE: ("name",),
        tokens.SECRET: ("name",),
        tokens.KEY_ALIAS: ("name",),
    },
    check=_check,
    parameters=(
        Parameter(
            name="kinds",
            default={},
            schema={"type": "object", "additionalProperties": {"type": "string"}},
            why="Variables that name a resource, with the type of that resource.",
        ),
    ),
)
