from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.queues import is_fifo


def _check(topic: Resource, context: Context) -> Judgement:
    del context
    fifo = is_fifo(topic)
    name = topic.text("name")
    if name is not None and name.endswith(".fifo") != fifo:
        yield Violation(
            path="name",
            found=f"name {name}, fifoTopic {fifo}",
            wanted="a name that ends with .fifo exactly where the topic is FIFO",
        )
    scope = topic.text("fifoThroughputScope")
    if fifo and scope not in (None, "MessageGroup", "Topic"):
        yield Violation(
            path="fifoThroughputScope", found=str(scope), wanted="MessageGroup or Topic"
        )
    for key in ("contentBasedDeduplication", "fifoThroughputScope", "archivePolicy"):
        if not fifo and topic.has(key):
            yield Violation(path=key, found=f"{key} on a standard topic", wanted="no such input")


CONTROL = Control(
    id="sns-fifo-settings",
    title="A topic's FIFO settings fit together",
    why="SNS refuses a FIFO name without the flag and FIFO settings on a standard topic.",
    severity=Severity.MEDIUM,
    fix="End the name with .fifo and set fifoTopic.",
    sources=("https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html",),
    judges=(tokens.TOPIC,),
    reads={
        tokens.TOPIC: (
            "name",
            "fifoTopic",
            "contentBasedDeduplication",
            "fifoThroughputScope",
            "archivePolicy",
        )
    },
    check=_check,
)
