from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.queues import is_fifo

_FIFO_ONLY: Final = ("contentBasedDeduplication", "deduplicationScope", "fifoThroughputLimit")


def _check(queue: Resource, context: Context) -> Judgement:
    del context
    fifo = is_fifo(queue)
    name = queue.text("name")
    if name is not None and name.endswith(".fifo") != fifo:
        yield Violation(
            path="name",
            found=f"name {name}, fifoQueue {fifo}",
            wanted="a name that ends with .fifo exactly where the queue is FIFO",
        )
    if not fifo:
        for key in _FIFO_ONLY:
            if queue.has(key):
                yield Violation(
                    path=key, found=f"{key} on a standard queue", wanted="no such input"
                )
        return
    per_group = queue.text("fifoThroughputLimit") == "perMessageGroupId"
    if per_group and queue.text("deduplicationScope") != "messageGroup":
        yield Violation(
            path="deduplicationScope",
            found=f"{queue.text('deduplicationScope')} with throughput per message group",
            wanted="messageGroup",
        )


CONTROL = Control(
    id="sqs-fifo-settings",
    title="FIFO settings fit together",
    why="SQS refuses a FIFO name without the flag, FIFO settings on a standard queue, and high"
    " throughput without deduplication per message group.",
    severity=Severity.MEDIUM,
    fix="End the name with .fifo, set fifoQueue, and pair perMessageGroupId with messageGroup.",
    sources=(
        "cfn-lint E3501",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
    ),
    judges=(tokens.QUEUE,),
    reads={
        tokens.QUEUE: (
            "name",
            "fifoQueue",
            "contentBasedDeduplication",
            "deduplicationScope",
            "fifoThroughputLimit",
        )
    },
    check=_check,
)
