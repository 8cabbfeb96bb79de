from policy import tokens
from policy.checks.encryption import uses_own_key
from policy.control import Context, Control, Judgement, Severity
from policy.resource import Resource


def _check(group: Resource, context: Context) -> Judgement:
    yield from uses_own_key(context.graph, group, "kmsKeyId")


CONTROL = Control(
    id="logs-customer-key",
    title="A log group is encrypted with a customer-managed key",
    why="Logs tell of customers; who may read them at rest is then the account's decision.",
    severity=Severity.MEDIUM,
    fix="Set kmsKeyId to the key's ARN.",
    sources=(
        "cdk-nag NIST.800.53.R5-CloudWatchLogGroupEncrypted",
        "checkov CKV_AWS_158",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    ),
    judges=(tokens.LOG_GROUP,),
    reads={tokens.LOG_GROUP: ("kmsKeyId",)},
    check=_check,
)
