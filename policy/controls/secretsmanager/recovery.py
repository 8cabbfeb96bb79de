from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource

_DEFAULT: Final = 30


def _check(secret: Resource, context: Context) -> Judgement:
    if secret.stack in context.words("disposable"):
        return
    days = secret.number("recoveryWindowInDays")
    if days is not None and days > _DEFAULT:
        yield Violation(
            path="recoveryWindowInDays", found=f"{days:.0f}", wanted=f"at most {_DEFAULT}"
        )
    if (_DEFAULT if days is None else days) < context.number("days"):
        yield Violation(
            path="recoveryWindowInDays",
            found=f"{days:g}",
            wanted=f"{context.number('days'):g} or more",
        )


CONTROL = Control(
    id="secretsmanager-recovery",
    title="A deleted secret can be brought back",
    why="Without its key to the bank the system stands still.",
    severity=Severity.MEDIUM,
    fix="Leave recoveryWindowInDays out, or set 7 to 30.",
    sources=(
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html",
        "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html",
    ),
    judges=(tokens.SECRET,),
    reads={tokens.SECRET: ("recoveryWindowInDays",)},
    check=_check,
    parameters=(
        Parameter(
            name="days",
            default=7,
            schema={"type": "integer", "minimum": 7, "maximum": 30},
            why="The shortest time to notice.",
        ),
        Parameter(
            name="disposable",
            default=["local"],
            schema={"type": "array", "items": {"type": "string"}},
            why="Stacks that may be thrown away.",
        ),
    ),
)
