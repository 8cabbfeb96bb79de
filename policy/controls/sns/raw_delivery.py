from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.queues import is_fifo


def _check(subscription: Resource, context: Context) -> Judgement:
    if subscription.text("protocol") != "sqs":
        return
    topic = context.graph.target(subscription, "topic")
    fifo = topic is not None and topic.resource is not None and is_fifo(topic.resource)
    if fifo and not subscription.flag("rawMessageDelivery"):
        yield Violation(
            path="rawMessageDelivery", found="off", wanted="true from a FIFO topic to a queue"
        )


CONTROL = Control(
    id="sns-raw-delivery",
    title="A FIFO topic delivers raw messages to its queues",
    why="In SNS's envelope the message attributes arrive in the body, so a redriven message no"
    " longer looks like a first one, and it is larger than what was published.",
    severity=Severity.MEDIUM,
    fix="Set rawMessageDelivery, and send at most 10 attributes: SNS discards a message with more.",
    sources=(
        "https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html",
    ),
    judges=(tokens.SUBSCRIPTION,),
    reads={
        tokens.SUBSCRIPTION: ("rawMessageDelivery", "protocol", "topic"),
        tokens.TOPIC: ("fifoTopic",),
    },
    check=_check,
)
