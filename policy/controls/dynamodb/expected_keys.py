from collections.abc import Iterator

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource
from policy.views.names import fitting


def _check(table: Resource, context: Context) -> Judgement:
    name = table.physical_name or table.name
    for pattern, wanted in context.table("tables").items():
        if not any(fitting(context.graph, name, pattern)):
            continue
        found = list(_schema(table))
        if found != list(wanted):
            yield Violation(path="hashKey", found=", ".join(found), wanted=", ".join(wanted))


def _schema(table: Resource) -> Iterator[str]:
    yield f"hash {table.text('hashKey')}"
    if table.has("rangeKey"):
        yield f"range {table.text('rangeKey')}"
    if table.flag("ttl", "enabled"):
        yield f"ttl {table.text('ttl', 'attributeName')}"
    for index in range(len(table.items("globalSecondaryIndexes"))):
        path = ("globalSecondaryIndexes", index)
        keys = [
            " ".join(
                str(table.text(*path, "keySchemas", position, key))
                for key in ("attributeName", "keyType")
            )
            for position in range(len(table.items(*path, "keySchemas")))
        ]
        keys += [
            str(table.text(*path, key)) for key in ("hashKey", "rangeKey") if table.text(*path, key)
        ]
        projection = table.text(*path, "projectionType")
        yield f"index {table.text(*path, 'name')} {' '.join(keys)} {projection}"


CONTROL = Control(
    id="dynamodb-expected-keys",
    title="A table has the keys, the expiry and the indexes that the code asks for",
    why="The code's reads fail, or items that guard against paying twice expire too early or"
    " never.",
    severity=Severity.HIGH,
    fix="Bring the table and the code's expectation together.",
    sources=(
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html",
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html",
    ),
    judges=(tokens.TABLE,),
    reads={
        tokens.TABLE: ("name", "hashKey", "rangeKey", "ttl", "globalSecondaryIndexes", "attributes")
    },
    check=_check,
    parameters=(
        Parameter(
            name="tables",
            default={},
            schema={
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
            why="By a pattern of the table's name: hash, range, ttl and index lines in that order;"
            " empty judges nothing.",
        ),
    ),
)
