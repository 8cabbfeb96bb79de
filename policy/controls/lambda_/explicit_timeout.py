from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource

_MOST: Final = 900


def _check(function: Resource, context: Context) -> Judgement:
    least = context.number("least")
    timeout = function.number("timeout")
    if timeout is None or not least <= timeout <= _MOST:
        yield Violation(
            path="timeout",
            found="the default, 3 s" if timeout is None else f"{timeout:g} s",
            wanted=f"{least:g} to {_MOST} s, chosen",
        )


CONTROL = Control(
    id="lambda-explicit-timeout",
    title="A function's timeout is chosen",
    why="With 3 s a function is killed while the other side still works on its call.",
    severity=Severity.MEDIUM,
    fix="Set timeout above the timeouts of the function's own calls.",
    sources=(
        "cdk-nag Serverless-LambdaDefaultTimeout",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("timeout",)},
    check=_check,
    parameters=(
        Parameter(
            name="least",
            default=5,
            schema={"type": "number", "minimum": 1, "maximum": _MOST},
            why="The shortest timeout that lets the function's own calls time out first.",
        ),
    ),
)
