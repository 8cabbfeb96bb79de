from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.queues import is_fifo, sources


def _check(queue: Resource, context: Context) -> Judgement:
    for source in sources(context.graph, queue):
        if source.kind == "queue" and is_fifo(source.resource) != is_fifo(queue):
            yield Violation(
                path="fifoQueue",
                found=f"{_kind(queue)} queue for the dead letters of {_kind(source.resource)}"
                f" queue {source.resource.name}",
                wanted=f"a {_kind(source.resource)} queue",
            )
        if source.kind == "subscription" and _from_fifo(source.resource, context) != is_fifo(queue):
            yield Violation(
                path="fifoQueue",
                found=f"{_kind(queue)} queue for the dead letters of {source.resource.name}",
                wanted="a queue of the topic's kind",
            )


def _kind(queue: Resource) -> str:
    return "FIFO" if is_fifo(queue) else "standard"


def _from_fifo(subscription: Resource, context: Context) -> bool:
    topic = context.graph.target(subscription, "topic")
    if topic is None:
        return False
    if topic.resource is not None:
        return is_fifo(topic.resource)
    return (topic.value or "").endswith(".fifo")


CONTROL = Control(
    id="sqs-dead-letter-queue-kind",
    title="A dead-letter queue is FIFO exactly where its source is",
    why="SQS refuses the pair, or SNS drops what it cannot deliver.",
    severity=Severity.HIGH,
    fix="Make both FIFO or both standard.",
    sources=(
        "cfn-lint E3502",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html",
    ),
    judges=(tokens.QUEUE,),
    reads={
        tokens.QUEUE: ("fifoQueue", "redrivePolicy"),
        tokens.QUEUE_REDRIVE: ("queueUrl", "redrivePolicy"),
        tokens.SUBSCRIPTION: ("redrivePolicy", "topic"),
        tokens.TOPIC: ("fifoTopic",),
    },
    check=_check,
)
