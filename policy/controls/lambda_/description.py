from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(function: Resource, context: Context) -> Judgement:
    del context
    if not function.text("description"):
        yield Violation(path="description", found="none", wanted="what the function is for")


CONTROL = Control(
    id="lambda-description",
    title="A function says what it is for",
    why="Whoever is woken by its alarm reads it first.",
    severity=Severity.LOW,
    fix="Set description.",
    sources=("pulumi aws-lambda-function-missing-description",),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("description",)},
    check=_check,
)
