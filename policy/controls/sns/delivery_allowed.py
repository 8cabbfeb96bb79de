from collections.abc import Sequence

from policy import tokens
from policy.checks.encryption import uses_awss_key
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.documents import Statement
from policy.graph import Graph
from policy.patterns import like
from policy.resource import Resource
from policy.views.policies import policy_of
from policy.views.queues import redrive_in


def _check(subscription: Resource, context: Context) -> Judgement:
    graph = context.graph
    topic = graph.target(subscription, "topic", tokens.TOPIC)
    if topic is None or topic.resource is None:
        return
    protocol = subscription.text("protocol")
    endpoint = graph.target(subscription, "endpoint")
    if endpoint is not None and endpoint.resource is not None and protocol == "lambda":
        yield from _function(graph, endpoint.resource, topic.resource)
    if endpoint is not None and endpoint.resource is not None and protocol == "sqs":
        yield from _queue(graph, endpoint.resource, topic.resource)
    kept = redrive_in(graph, subscription)
    if kept is not None and kept.target.resource is not None:
        yield from _queue(graph, kept.target.resource, topic.resource)


def _queue(graph: Graph, queue: Resource, topic: Resource) -> Judgement:
    if uses_awss_key(queue, "kmsMasterKeyId"):
        yield Violation(
            resource=queue,
            path="kmsMasterKeyId",
            found="AWS's own key, which SNS may not use",
            wanted="a customer-managed key, or encryption by SQS",
        )
    if not any(
        placed.statement.allows
        and "sns.amazonaws.com" in placed.statement.services()
        and placed.statement.covers("sqs:SendMessage")
        and _about(placed.statement.resources, queue)
        and _from(placed.statement, graph, topic)
        for placed in policy_of(graph, queue)
    ):
        yield Violation(
            resource=queue,
            path="policy",
            found=f"topic {topic.name} may not send",
            wanted="Allow sqs:SendMessage to sns.amazonaws.com with aws:SourceArn of the topic",
        )


def _about(resources: Sequence[str], queue: Resource) -> bool:
    name = queue.physical_name
    return any(item == "*" or name is None or item.endswith(f":{name}") for item in resources)


def _from(statement: Statement, graph: Graph, topic: Resource) -> bool:
    sources = statement.condition("aws:SourceArn")
    accounts = statement.condition("aws:SourceAccount")
    own = graph.account
    return all(_matches(item.values, topic) for item in sources) and all(
        own is None or own in item.values for item in accounts
    )


def _matches(values: Sequence[str], topic: Resource) -> bool:
    name = topic.physical_name
    return name is None or any(like(f"arn:aws:sns:r:a:{name}", _local(v)) for v in values)


def _local(arn: str) -> str:
    return f"arn:aws:sns:r:a:{arn.rsplit(':', 1)[-1]}"


def _function(graph: Graph, function: Resource, topic: Resource) -> Judgement:
    for permission in graph.pointing(tokens.PERMISSION, "function", function):
        source = graph.target(permission, "sourceArn", tokens.TOPIC)
        if (
            permission.text("principal") == "sns.amazonaws.com"
            and permission.text("action") == "lambda:InvokeFunction"
            and (source is None or source.resource is topic)
        ):
            return
    yield Violation(
        resource=function,
        found=f"topic {topic.name} may not invoke the function",
        wanted="a permission for sns.amazonaws.com with sourceArn of the topic",
    )


CONTROL = Control(
    id="sns-delivery-allowed",
    title="A topic may deliver to its subscriptions and to their dead-letter queues",
    why="SNS drops what it may not deliver; a metric counts it, and nobody is told.",
    severity=Severity.HIGH,
    fix="Allow the topic in the policy of the queue, of its dead-letter queue, or the function's.",
    sources=(
        "https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html",
    ),
    judges=(tokens.SUBSCRIPTION,),
    reads={
        tokens.SUBSCRIPTION: ("topic", "endpoint", "protocol", "redrivePolicy"),
        tokens.QUEUE: ("policy", "name", "kmsMasterKeyId"),
        tokens.QUEUE_POLICY: ("policy", "queueUrl"),
        tokens.PERMISSION: ("function", "principal", "action", "sourceArn"),
        tokens.FUNCTION: ("name",),
        tokens.TOPIC: ("name",),
    },
    check=_check,
)
