from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.queues import is_fifo


def _check(topic: Resource, context: Context) -> Judgement:
    del context
    if is_fifo(topic) and topic.flag("contentBasedDeduplication"):
        yield Violation(
            path="contentBasedDeduplication",
            found="true",
            wanted="false: publishers give a deduplication id",
        )


CONTROL = Control(
    id="sns-explicit-deduplication",
    title="Publishers to a FIFO topic say what a duplicate is",
    why="By content, two equal payments within five minutes are one, and one payment"
    " with a new timestamp is two; attributes do not count.",
    severity=Severity.MEDIUM,
    fix="Leave contentBasedDeduplication off and publish with the transaction's own id.",
    sources=("https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html",),
    judges=(tokens.TOPIC,),
    reads={tokens.TOPIC: ("contentBasedDeduplication", "fifoTopic")},
    check=_check,
)
