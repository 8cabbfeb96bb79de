from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.queues import is_dead_letter_queue, is_fifo


def _check(queue: Resource, context: Context) -> Judgement:
    if not is_fifo(queue) or is_dead_letter_queue(context.graph, queue):
        return
    limit = queue.text("fifoThroughputLimit")
    if limit != "perMessageGroupId":
        yield Violation(
            path="fifoThroughputLimit", found=str(limit or "not set"), wanted="perMessageGroupId"
        )


CONTROL = Control(
    id="sqs-high-throughput",
    title="A FIFO queue that is worked off has high throughput",
    why="Without it the queue takes 300 calls of each kind a second, which also bound how fast the"
    " backlog of an outage drains.",
    severity=Severity.LOW,
    fix="Set fifoThroughputLimit to perMessageGroupId and deduplicationScope to messageGroup.",
    sources=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html",
    ),
    judges=(tokens.QUEUE,),
    reads={
        tokens.QUEUE: ("fifoThroughputLimit", "fifoQueue", "name", "redrivePolicy"),
        tokens.SUBSCRIPTION: ("redrivePolicy",),
    },
    check=_check,
)
