from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(mapping: Resource, context: Context) -> Judgement:
    del context
    if mapping.get("enabled") is False:
        yield Violation(path="enabled", found="false", wanted="absent or true")


CONTROL = Control(
    id="lambda-mapping-enabled",
    title="A mapping is not deployed switched off",
    why="Nothing reads the queue, and nobody is told.",
    severity=Severity.MEDIUM,
    fix="Leave enabled out; whoever pauses a subscription does it at run time.",
    sources=("https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html",),
    judges=(tokens.MAPPING,),
    reads={tokens.MAPPING: ("enabled",)},
    check=_check,
)
