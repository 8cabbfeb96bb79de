from typing import Final

from policy import tokens
from policy.checks.steering import IDENTITY_INPUTS, by_identity, by_policy, listing, lists
from policy.control import Context, Control, Judgement, Severity
from policy.resource import Resource

_WRITES: Final = (
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PartiQLDelete",
    "dynamodb:PartiQLInsert",
    "dynamodb:PartiQLUpdate",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:UpdateTable",
    "dynamodb:UpdateTimeToLive",
    "dynamodb:DeleteTable",
)


def _check(table: Resource, context: Context) -> Judgement:
    for listed in lists(table, context, "writers", "write to"):
        yield from by_identity(context.graph, listed, _WRITES)
        yield from by_policy(context.graph, listed, _WRITES)


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
        tokens.TABLE_POLICY: ("policy", "resourceArn"),
        **IDENTITY_INPUTS,
    },
    check=_check,
    parameters=(
        listing(
            "writers",
            "Patterns of roles (or components) that may write, by a pattern of the table's name",
        ),
    ),
)
