from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.graph import Target
from policy.resource import Resource
from policy.views.queues import is_fifo


def _check(subscription: Resource, context: Context) -> Judgement:
    graph = context.graph
    if subscription.text("protocol") not in ("sqs", "lambda"):
        return
    topic = graph.target(subscription, "topic")
    endpoint = graph.target(subscription, "endpoint")
    if topic is None or endpoint is None:
        return
    from_fifo = _is_fifo(topic)
    to_fifo = _is_fifo(endpoint)
    if subscription.text("protocol") == "lambda":
        if from_fifo:
            yield Violation(
                path="protocol", found="a FIFO topic to a function", wanted="a queue in between"
            )
    elif to_fifo and not from_fifo:
        yield Violation(
            path="topic", found="a standard topic to a FIFO queue", wanted="both of one kind"
        )
    elif from_fifo and not to_fifo:
        yield Violation(
            path="endpoint",
            found="a FIFO topic to a standard queue: order and deduplication end here",
            wanted="a FIFO queue",
        )


def _is_fifo(target: Target) -> bool:
    if target.resource is not None:
        return is_fifo(target.resource)
    return (target.value or "").endswith(".fifo")


CONTROL = Control(
    id="sns-fifo-pairing",
    title="A FIFO topic feeds FIFO queues, a standard topic standard ones",
    why="SNS refuses a standard topic to a FIFO queue, and a FIFO topic's order is lost in a"
    " standard queue.",
    severity=Severity.HIGH,
    fix="Make topic and queue the same kind.",
    sources=("https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html",),
    judges=(tokens.SUBSCRIPTION,),
    reads={
        tokens.SUBSCRIPTION: ("topic", "endpoint", "protocol"),
        tokens.TOPIC: ("fifoTopic", "name"),
        tokens.QUEUE: ("fifoQueue", "name"),
    },
    check=_check,
)
