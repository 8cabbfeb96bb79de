from policy import tokens
from policy.checks.encryption import uses_own_key
from policy.control import Context, Control, Judgement, Severity
from policy.resource import Resource


def _check(queue: Resource, context: Context) -> Judgement:
    yield from uses_own_key(context.graph, queue, "kmsMasterKeyId")


CONTROL = Control(
    id="sqs-customer-key",
    title="A queue is encrypted with a customer-managed key",
    why="Who may decrypt an AWS-managed key is not the account's decision, and services such as"
    " SNS cannot deliver to a queue that uses it.",
    severity=Severity.MEDIUM,
    fix="Name an own key or its alias in kmsMasterKeyId.",
    sources=(
        "checkov CKV2_AWS_73",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    ),
    judges=(tokens.QUEUE,),
    reads={tokens.QUEUE: ("kmsMasterKeyId",)},
    check=_check,
)
