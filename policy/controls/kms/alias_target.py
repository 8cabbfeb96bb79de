from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.graph import Resource


def _check(alias: Resource, context: Context) -> Judgement:
    target = context.graph.target(alias, "targetKeyId", tokens.KEY)
    if target is None or target.resource is None:
        yield Violation(
            path="targetKeyId",
            found=(target.value if target else None) or "none",
            wanted="a key of the program",
        )


CONTROL = Control(
    id="kms-alias-target",
    title="An alias stands for a key of the program",
    why="Everything that names the alias is encrypted with whatever it points to.",
    severity=Severity.HIGH,
    fix="Set targetKeyId to the key's id.",
    sources=("https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html",),
    judges=(tokens.KEY_ALIAS,),
    reads={tokens.KEY_ALIAS: ("targetKeyId",)},
    check=_check,
)
