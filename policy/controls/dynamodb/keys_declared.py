from collections.abc import Iterator

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(table: Resource, context: Context) -> Judgement:
    del context
    declared = {
        table.text("attributes", index, "name"): table.text("attributes", index, "type")
        for index in range(len(table.items("attributes")))
    }
    used = set(_keys(table))
    if not table.text("hashKey"):
        yield Violation(path="hashKey", found="none", wanted="a key")
    missing = sorted(used - set(declared))
    unused = sorted(str(name) for name in set(declared) - used)
    if missing or unused:
        yield Violation(
            path="attributes",
            found=f"missing {', '.join(missing) or 'none'}, unused {', '.join(unused) or 'none'}",
            wanted="exactly the keys of the table and its indexes",
        )
    wrong = sorted(str(name) for name, kind in declared.items() if kind not in ("S", "N", "B"))
    if wrong:
        yield Violation(path="attributes", found=f"type of {', '.join(wrong)}", wanted="S, N or B")


def _keys(table: Resource) -> Iterator[str]:
    for name in (table.text("hashKey"), table.text("rangeKey")):
        if name:
            yield name
    for index in range(len(table.items("globalSecondaryIndexes"))):
        schemas = table.items("globalSecondaryIndexes", index, "keySchemas")
        for position in range(len(schemas)):
            path = ("globalSecondaryIndexes", index, "keySchemas", position, "attributeName")
            name = table.text(*path)
            if name:
                yield name
        for key in ("hashKey", "rangeKey"):
            name = table.text("globalSecondaryIndexes", index, key)
            if name:
                yield name
    for index in range(len(table.items("localSecondaryIndexes"))):
        name = table.text("localSecondaryIndexes", index, "rangeKey")
        if name:
            yield name


CONTROL = Control(
    id="dynamodb-keys-declared",
    title="A table declares the attributes of its keys, and no others",
    why="DynamoDB refuses the table; a changed key replaces it, with its items.",
    severity=Severity.HIGH,
    fix="List hash and range keys of the table and its indexes in attributes.",
    sources=(
        "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html",
    ),
    judges=(tokens.TABLE,),
    reads={
        tokens.TABLE: (
            "attributes",
            "hashKey",
            "rangeKey",
            "globalSecondaryIndexes",
            "localSecondaryIndexes",
        )
    },
    check=_check,
)
