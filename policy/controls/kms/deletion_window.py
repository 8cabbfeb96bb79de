from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource

_MOST: Final = 30


def _check(key: Resource, context: Context) -> Judgement:
    days = key.number("deletionWindowInDays")
    least = context.number("days")
    if days is not None and not least <= days <= _MOST:
        yield Violation(
            path="deletionWindowInDays", found=f"{days:g}", wanted=f"{least:g} to {_MOST}"
        )


CONTROL = Control(
    id="kms-deletion-window",
    title="A deleted key can be brought back for long enough",
    why="With the key goes all that it encrypted.",
    severity=Severity.HIGH,
    fix="Leave deletionWindowInDays out, or set it to 30.",
    sources=(
        "FSBP KMS.3",
        "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    ),
    judges=(tokens.KEY,),
    reads={tokens.KEY: ("deletionWindowInDays",)},
    check=_check,
    parameters=(
        Parameter(
            name="days",
            default=14,
            schema={"type": "integer", "minimum": 7, "maximum": 30},
            why="The shortest time to notice.",
        ),
    ),
)
