from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(table: Resource, context: Context) -> Judgement:
    del context
    if not table.flag("pointInTimeRecovery", "enabled"):
        yield Violation(path="pointInTimeRecovery.enabled", found="off", wanted="true")


CONTROL = Control(
    id="dynamodb-point-in-time-recovery",
    title="A table can be brought back to any second of the last days",
    why="A bad deployment that writes wrong items is otherwise final.",
    severity=Severity.HIGH,
    fix="Set pointInTimeRecovery.enabled.",
    sources=(
        "FSBP DynamoDB.2",
        "cdk-nag AwsSolutions-DDB3",
        "checkov CKV_AWS_28",
        "checkov CKV_AWS_165",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html",
    ),
    judges=(tokens.TABLE,),
    reads={tokens.TABLE: ("pointInTimeRecovery",)},
    check=_check,
)
