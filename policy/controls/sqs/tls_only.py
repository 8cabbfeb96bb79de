from typing import Final

from policy import tokens
from policy.checks.resource_policy import missing_tls
from policy.control import Context, Control, Judgement, Severity
from policy.resource import Resource

_ACTIONS: Final = (
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueAttributes",
    "sqs:PurgeQueue",
)


def _check(queue: Resource, context: Context) -> Judgement:
    yield from missing_tls(context.graph, queue, _ACTIONS)


CONTROL = Control(
    id="sqs-tls-only",
    title="A queue is reached over TLS only",
    why="SQS also answers plain HTTP; messages would cross the network in the clear.",
    severity=Severity.HIGH,
    fix="Add a queue policy that denies sqs:* to * when aws:SecureTransport is false.",
    sources=(
        "cdk-nag AwsSolutions-SQS4",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    ),
    judges=(tokens.QUEUE,),
    reads={tokens.QUEUE: ("policy", "name"), tokens.QUEUE_POLICY: ("policy", "queueUrl")},
    check=_check,
)
