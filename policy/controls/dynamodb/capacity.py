from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(table: Resource, context: Context) -> Judgement:
    if table.text("billingMode") == "PAY_PER_REQUEST":
        return
    name = table.physical_name
    targets = [
        target
        for target in context.graph.of(tokens.SCALING_TARGET)
        if not target.known("resourceId") or target.text("resourceId") == f"table/{name}"
    ]
    if not targets:
        yield Violation(
            path="billingMode",
            found="provisioned capacity that stays as it is",
            wanted="PAY_PER_REQUEST, or an autoscaling target",
        )


CONTROL = Control(
    id="dynamodb-capacity",
    title="A table grows with its load",
    why="A table at its capacity throttles, and each throttled write is a payment that waits.",
    severity=Severity.MEDIUM,
    fix="Set billingMode to PAY_PER_REQUEST, or add autoscaling.",
    sources=(
        "FSBP DynamoDB.1",
        "cdk-nag NIST.800.53.R5-DynamoDBAutoScalingEnabled",
        "checkov CKV2_AWS_16",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html",
    ),
    judges=(tokens.TABLE,),
    reads={tokens.TABLE: ("billingMode", "name"), tokens.SCALING_TARGET: ("resourceId",)},
    check=_check,
)
