from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.graph import Graph, Resource
from policy.iam.grants import Grant, allowed
from policy.views.names import PLACES, names

_WRITES: Final = (
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PartiQLDelete",
    "dynamodb:PartiQLInsert",
    "dynamodb:PartiQLUpdate",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:UpdateTable",
    "dynamodb:DeleteTable",
)


def _check(table: Resource, context: Context) -> Judgement:
    graph = context.graph
    name = table.physical_name or table.name
    for pattern, listed in context.table("writers").items():
        if not fnmatchcase(name, pattern):
            continue
        writers = names(graph, listed)
        for holder in graph.of(tokens.IDENTITY_DOCUMENT):
            for grant in _writing(graph, holder, table):
                who = _holder(graph, grant.holder)
                if who not in writers:
                    yield Violation(
                        resource=grant.holder,
                        path=grant.path,
                        found=f"{who} writes to {name}",
                        wanted=f"writers: {', '.join(listed)}",
                    )


def _writing(graph: Graph, holder: Resource, table: Resource) -> Iterator[Grant]:
    for grant in allowed(graph, holder):
        writes = any(grant.statement.covers(action) for action in _WRITES)
        if writes and any(_reaches(graph, item, table) for item in grant.statement.resources):
            yield grant


def _reaches(graph: Graph, text: str, table: Resource) -> bool:
    name = table.physical_name
    return (
        text == "*"
        or graph.resolve(text) is table
        or (
            ":dynamodb:" in text
            and name is not None
            and fnmatchcase(f"table/{name}", text.rsplit(":", 1)[-1])
        )
    )


def _holder(graph: Graph, holder: Resource) -> str:
    if holder.type == tokens.ROLE_POLICY:
        target = graph.target(holder, "role", tokens.ROLE)
        if target is not None:
            return (target.resource.physical_name if target.resource else target.value) or ""
    return holder.physical_name or holder.name


CONTROL = Control(
    id="dynamodb-writers",
    title="A table that steers the system is written by its own programs only",
    why="Whoever writes the circuit's table opens and closes circuits.",
    severity=Severity.HIGH,
    fix="Take the write actions away from the others.",
    sources=(
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/using-identity-based-policies.html",
    ),
    judges=(tokens.TABLE,),
    reads={
        tokens.TABLE: ("name",),
        tokens.ROLE_POLICY: ("policy", "role"),
        tokens.ROLE: ("inlinePolicies", "name"),
        tokens.MANAGED_POLICY: ("policy",),
        tokens.IDENTITY_DOCUMENT: ("grants",),
        tokens.MAPPING: ("functionName",),
        tokens.FUNCTION: ("name",),
    },
    check=_check,
    parameters=(
        Parameter(
            name="writers",
            default={},
            schema={
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
            why="Patterns of roles (or components) that may write, by a pattern of the table's"
            f" name; empty judges nothing. {PLACES}",
        ),
    ),
)
