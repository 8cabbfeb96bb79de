from policy import tokens
from policy.control import Context, Control, Judgement, Level, Severity, Violation
from policy.resource import Resource


def _check(table: Resource, context: Context) -> Judgement:
    name = table.physical_name
    targets = context.graph.of(tokens.SCALING_TARGET)
    if not any(item.text("resourceId") == f"table/{name}" for item in targets):
        yield Violation(path="billingMode", found="no autoscaling", wanted="a scaling target")


CONTROL = Control(
    id="dynamodb-autoscaling",
    title="A table's capacity is provisioned and scales",
    why="Steady load is cheaper on provisioned capacity.",
    severity=Severity.LOW,
    fix="Add an autoscaling target and policy.",
    sources=(
        "cdk-nag NIST.800.53.R5-DynamoDBAutoScalingEnabled",
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html",
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html",
    ),
    judges=(tokens.TABLE,),
    reads={tokens.TABLE: ("billingMode", "name"), tokens.SCALING_TARGET: ("resourceId",)},
    check=_check,
    level=Level.DISABLED,
    off_because="On-demand capacity scales by itself, up to twice the last peak at once;"
    " autoscaling follows minutes later. dynamodb-capacity takes either.",
)
