from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.queues import is_dead_letter_queue, redrive


def _check(queue: Resource, context: Context) -> Judgement:
    if is_dead_letter_queue(context.graph, queue) or redrive(context.graph, queue):
        return
    yield Violation(
        path="redrivePolicy",
        found="no redrive policy, and nothing uses the queue for its dead letters",
        wanted="a redrive policy with a dead-letter queue",
    )


CONTROL = Control(
    id="sqs-dead-letter-queue",
    title="A queue has a dead-letter queue, unless it is one",
    why="A message that can never be processed is received again and again until it expires, and"
    " on a FIFO queue it blocks its group.",
    severity=Severity.HIGH,
    fix="Set redrivePolicy with deadLetterTargetArn and maxReceiveCount.",
    sources=(
        "cdk-nag AwsSolutions-SQS3",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    ),
    judges=(tokens.QUEUE,),
    reads={
        tokens.QUEUE: ("redrivePolicy", "name"),
        tokens.QUEUE_REDRIVE: ("queueUrl", "redrivePolicy"),
        tokens.SUBSCRIPTION: ("redrivePolicy",),
        tokens.FUNCTION: ("deadLetterConfig",),
        tokens.INVOKE_CONFIG: ("destinationConfig",),
        tokens.MAPPING: ("destinationConfig",),
        tokens.SCHEDULE: ("target",),
    },
    check=_check,
)
