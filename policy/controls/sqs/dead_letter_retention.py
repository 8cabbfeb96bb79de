from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.queues import retention, sources


def _check(queue: Resource, context: Context) -> Judgement:
    own = retention(queue)
    for source in sources(context.graph, queue):
        if source.kind == "queue" and own < retention(source.resource):
            yield Violation(
                path="messageRetentionSeconds",
                found=f"{own:g} s, its source {source.resource.name} keeps"
                f" {retention(source.resource):g} s",
                wanted="at least as long as the source",
            )


CONTROL = Control(
    id="sqs-dead-letter-retention",
    title="A dead-letter queue keeps messages at least as long as its source",
    why="On a standard queue the clock runs from the first send: a message that is moved late"
    " expires at once.",
    severity=Severity.HIGH,
    fix="Set messageRetentionSeconds of the dead-letter queue to the most there is, 1209600.",
    sources=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    ),
    judges=(tokens.QUEUE,),
    reads={
        tokens.QUEUE: ("messageRetentionSeconds", "redrivePolicy"),
        tokens.QUEUE_REDRIVE: ("redrivePolicy", "queueUrl"),
    },
    check=_check,
)
