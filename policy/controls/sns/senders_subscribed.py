from collections.abc import Sequence

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.graph import Graph
from policy.resource import Resource
from policy.views.policies import policy_of
from policy.views.queues import redrive_in


def _check(queue: Resource, context: Context) -> Judgement:
    graph = context.graph
    senders = {
        topic
        for placed in policy_of(graph, queue)
        if placed.statement.allows and "sns.amazonaws.com" in placed.statement.services()
        for condition in placed.statement.condition("aws:SourceArn")
        for topic in (graph.resolve(value, tokens.TOPIC) for value in condition.values)
        if topic is not None
    }
    for topic in sorted(senders, key=lambda item: item.urn):
        if not any(_delivers(graph, item, queue) for item in _of(graph, topic)):
            yield Violation(
                path="policy",
                found=f"topic {topic.name} may send and is not subscribed",
                wanted="a subscription that delivers, or keeps its failures, here",
            )


def _of(graph: Graph, topic: Resource) -> Sequence[Resource]:
    return graph.pointing(tokens.SUBSCRIPTION, "topic", topic, wanted=True)


def _delivers(graph: Graph, subscription: Resource, queue: Resource) -> bool:
    endpoint = graph.target(subscription, "endpoint")
    kept = redrive_in(graph, subscription)
    return (endpoint is not None and endpoint.resource is queue) or (
        kept is not None and kept.target.resource is queue
    )


CONTROL = Control(
    id="sns-senders-subscribed",
    title="A topic that may send to a queue is subscribed to it",
    why="A lost subscription loses every message that it would have taken.",
    severity=Severity.HIGH,
    fix="Add the subscription, or take the statement out of the queue's policy.",
    sources=("https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html",),
    judges=(tokens.QUEUE,),
    reads={
        tokens.QUEUE: ("policy", "name"),
        tokens.QUEUE_POLICY: ("policy", "queueUrl"),
        tokens.SUBSCRIPTION: ("topic", "endpoint", "redrivePolicy"),
        tokens.TOPIC: ("name",),
    },
    check=_check,
)
