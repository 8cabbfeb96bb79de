from collections.abc import Sequence

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.graph import Graph
from policy.resource import NotKnownError, Resource
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
        takers, astray = _takers(graph, topic)
        if queue.urn in takers:
            continue
        if astray:
            raise astray[0]
        yield Violation(
            path="policy",
            found=f"topic {topic.name} may send and is not subscribed",
            wanted="a subscription that delivers, or keeps its failures, here",
        )


def _takers(graph: Graph, topic: Resource) -> tuple[set[str], Sequence[NotKnownError]]:
    """The URNs of what a topic's subscriptions deliver to, and of those nobody knows, why."""

    def collect() -> tuple[set[str], Sequence[NotKnownError]]:
        found: set[str] = set()
        astray: list[NotKnownError] = []
        for subscription in graph.pointing(tokens.SUBSCRIPTION, "topic", topic, wanted=True):
            try:
                kept = redrive_in(graph, subscription)
                targets = (graph.target(subscription, "endpoint"), kept and kept.target)
            except NotKnownError as error:
                astray.append(error)
                continue
            found |= {each.resource.urn for each in targets if each and each.resource}
        return found, astray

    return graph.memo(("takers", topic.urn), collect)


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
