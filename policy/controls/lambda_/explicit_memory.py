from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource

_LEAST: Final = 128
_MOST: Final = 10_240


def _check(function: Resource, context: Context) -> Judgement:
    del context
    memory = function.number("memorySize")
    if memory is None or not _LEAST <= memory <= _MOST:
        yield Violation(
            path="memorySize",
            found="the default, 128 MB" if memory is None else f"{memory:g} MB",
            wanted=f"{_LEAST} to {_MOST} MB, chosen",
        )


CONTROL = Control(
    id="lambda-explicit-memory",
    title="A function's memory is chosen",
    why="Memory buys CPU; the default of 128 MB makes a Python function slow and then too late.",
    severity=Severity.LOW,
    fix="Set memorySize.",
    sources=(
        "cdk-nag Serverless-LambdaDefaultMemorySize",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("memorySize",)},
    check=_check,
)
