from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource


def _check(table: Resource, context: Context) -> Judgement:
    stack = table.stack
    if stack not in context.words("disposable") and not table.flag("deletionProtectionEnabled"):
        yield Violation(path="deletionProtectionEnabled", found="off", wanted="true")


CONTROL = Control(
    id="dynamodb-deletion-protection",
    title="A table is not deleted by one call",
    why="Pulumi's own protection does not stop a call from elsewhere.",
    severity=Severity.MEDIUM,
    fix="Set deletionProtectionEnabled, except in stacks that are thrown away.",
    sources=(
        "FSBP DynamoDB.6",
        "cfn-lint I3011",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html",
    ),
    judges=(tokens.TABLE,),
    reads={tokens.TABLE: ("deletionProtectionEnabled",)},
    check=_check,
    parameters=(
        Parameter(
            name="disposable",
            default=["local"],
            schema={"type": "array", "items": {"type": "string"}},
            why="Stacks that may be thrown away.",
        ),
    ),
)
