from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.queues import is_fifo

_FIFO_MOST: Final = 10
_STANDARD_MOST: Final = 10_000


def _check(mapping: Resource, context: Context) -> Judgement:
    target = context.graph.target(mapping, "eventSourceArn", tokens.QUEUE)
    if target is None or target.resource is None:
        return
    batch = mapping.number("batchSize")
    window = mapping.number("maximumBatchingWindowInSeconds") or 0
    fifo = is_fifo(target.resource)
    most = _FIFO_MOST if fifo else _STANDARD_MOST
    if batch is not None and not 1 <= batch <= most:
        yield Violation(path="batchSize", found=f"{batch:g}", wanted=f"1 to {most}")
    if fifo and window:
        yield Violation(
            path="maximumBatchingWindowInSeconds",
            found=f"{window:g} s on a FIFO queue",
            wanted="no window",
        )
    if not fifo and (batch or 0) > _FIFO_MOST and not window:
        yield Violation(
            path="maximumBatchingWindowInSeconds",
            found=f"no window for batches of {batch:g}",
            wanted="at least 1 s",
        )
    for key in ("startingPosition", "startingPositionTimestamp"):
        if mapping.has(key):
            yield Violation(path=key, found=f"{key} on a queue", wanted="no starting position")


CONTROL = Control(
    id="sqs-mapping-batch",
    title="A queue's event source mapping has settings that the queue takes",
    why="Lambda refuses the mapping, and the queue is not read.",
    severity=Severity.MEDIUM,
    fix="At most 10 messages a batch and no window on FIFO; no starting position on any queue.",
    sources=(
        "cfn-lint E3705",
        "cfn-lint E3634",
        "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    ),
    judges=(tokens.MAPPING,),
    reads={
        tokens.MAPPING: (
            "eventSourceArn",
            "batchSize",
            "maximumBatchingWindowInSeconds",
            "startingPosition",
            "startingPositionTimestamp",
        ),
        tokens.QUEUE: ("fifoQueue",),
    },
    check=_check,
)
