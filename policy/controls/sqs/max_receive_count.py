from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource
from policy.views.queues import redrive_in


def _check(holder: Resource, context: Context) -> Judgement:
    found = redrive_in(context.graph, holder)
    if found is None or holder.type == tokens.SUBSCRIPTION:
        return
    count = found.max_receive_count
    lowest, highest = context.number("lowest"), context.number("highest")
    if count is None or not lowest <= count <= highest:
        yield Violation(
            path="redrivePolicy",
            found=f"maxReceiveCount {'is missing' if count is None else f'{count:g}'}",
            wanted=f"from {lowest:g} to {highest:g}",
        )


CONTROL = Control(
    id="sqs-max-receive-count",
    title="A redrive policy moves a message neither at once nor never",
    why="Throttles and outages burn receives: below 5, good messages are given up (AWS advises at"
    " least 5 for Lambda); SQS takes at most 1,000.",
    severity=Severity.MEDIUM,
    fix="Set maxReceiveCount within the bounds.",
    sources=(
        "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue.html",
    ),
    judges=(tokens.QUEUE, tokens.QUEUE_REDRIVE),
    reads={tokens.QUEUE: ("redrivePolicy",), tokens.QUEUE_REDRIVE: ("redrivePolicy",)},
    check=_check,
    parameters=(
        Parameter(
            name="lowest",
            default=5,
            schema={"type": "integer", "minimum": 1},
            why="The fewest receives before a message is given up.",
        ),
        Parameter(
            name="highest",
            default=1000,
            schema={"type": "integer", "maximum": 1000},
            why="The most receives; a pack without an own judge in the worker wants fewer.",
        ),
    ),
)
