from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(key: Resource, context: Context) -> Judgement:
    del context
    if not key.text("description"):
        yield Violation(path="description", found="none", wanted="what the key encrypts")


CONTROL = Control(
    id="kms-description",
    title="A key says what it encrypts",
    why="Whoever is asked to delete it reads it first.",
    severity=Severity.LOW,
    fix="Set description.",
    sources=("pulumi aws-kms-key-missing-description",),
    judges=(tokens.KEY,),
    reads={tokens.KEY: ("description",)},
    check=_check,
)
