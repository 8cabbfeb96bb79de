from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from policy import tokens
from policy.checks.encryption import key_of
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.documents import Condition, Statement
from policy.graph import Graph
from policy.patterns import like
from policy.resource import NotKnownError, Resource
from policy.views.policies import policy_of
from policy.views.queues import redrive_in


@dataclass(frozen=True, kw_only=True)
class _Need:
    user: Resource
    key: Resource
    principal: str
    actions: tuple[str, ...]
    account: str | None
    context_of_logs: bool = False


_SEND: Final = ("kms:Decrypt", "kms:GenerateDataKey")
_LOGS: Final = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey")
_REENCRYPT: Final = ("kms:ReEncryptFrom", "kms:ReEncryptTo")


def _check(key: Resource, context: Context) -> Judgement:
    graph = context.graph
    statements = [placed.statement for placed in policy_of(graph, key) if placed.statement.allows]
    for need in _needs(graph):
        if need.key is not key:
            continue
        granted = [item for item in statements if _serves(item, need)]
        missing = [
            action for action in need.actions if not any(item.covers(action) for item in granted)
        ]
        if missing:
            yield Violation(
                path="policy",
                found=f"{need.principal} lacks {', '.join(missing)} for {need.user.name}",
                wanted=f"Allow {', '.join(need.actions)} to {need.principal}",
            )


def _serves(statement: Statement, need: _Need) -> bool:
    if not any(like(name, need.principal) for name in statement.services()):
        return False
    if not all(_possible(condition) for condition in statement.conditions):
        return False
    name = need.user.physical_name
    accounts = statement.condition("aws:SourceAccount")
    if need.account is not None and any(need.account not in item.values for item in accounts):
        return False
    if need.context_of_logs:
        pinned = statement.condition("kms:EncryptionContext:aws:logs:arn")
        return name is None or not pinned or any(_about(item, name) for item in pinned)
    sources = statement.condition("aws:SourceArn")
    return name is None or all(_about(item, name) for item in sources)


def _possible(condition: Condition) -> bool:
    return bool(condition.values)


def _about(condition: Condition, name: str) -> bool:
    """Whether an ARN of the condition ends with the name (of a topic, a log group)."""
    return any(
        like(name, value.removesuffix(":*").rsplit(":", 1)[-1]) for value in condition.values
    )


def _needs(graph: Graph) -> tuple[_Need, ...]:
    return graph.memo("key needs", lambda: tuple(_all_needs(graph)))


def _all_needs(graph: Graph) -> Iterator[_Need]:
    for subscription in graph.of(tokens.SUBSCRIPTION):
        yield from _deliveries(graph, subscription)
    for group in graph.of(tokens.LOG_GROUP):
        key = _key(graph, group, "kmsKeyId")
        if key is not None:
            yield _Need(
                user=group,
                key=key,
                account=graph.account,
                principal="logs.*amazonaws.com",
                actions=(*_LOGS, *_REENCRYPT),
                context_of_logs=True,
            )


def _deliveries(graph: Graph, subscription: Resource) -> Iterator[_Need]:
    try:
        topic = graph.target(subscription, "topic", tokens.TOPIC)
        endpoint = graph.target(subscription, "endpoint")
        kept = redrive_in(graph, subscription)
    except NotKnownError:
        return
    if topic is None or topic.resource is None:
        return
    reached = (endpoint, kept.target if kept else None)
    for queue in (item.resource for item in reached if item is not None):
        key = _key(graph, queue, "kmsMasterKeyId") if queue else None
        if key is not None:
            yield _Need(
                user=topic.resource,
                key=key,
                account=graph.account,
                principal="sns.amazonaws.com",
                actions=_SEND,
            )


def _key(graph: Graph, resource: Resource, name: str) -> Resource | None:
    try:
        return key_of(graph, resource, name) if resource.has(name) else None
    except NotKnownError:
        return None


CONTROL = Control(
    id="kms-services-allowed",
    title="AWS services may use the key of what they write to",
    why="A topic drops what it cannot encrypt for a queue, and a log group is no longer read.",
    severity=Severity.HIGH,
    fix="Allow the service in the key's policy, under the conditions that its page names.",
    sources=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    ),
    judges=(tokens.KEY,),
    reads={
        tokens.KEY: ("policy",),
        tokens.KEY_POLICY: ("policy", "keyId"),
        tokens.KEY_ALIAS: ("name", "targetKeyId"),
        tokens.QUEUE: ("kmsMasterKeyId", "name"),
        tokens.TOPIC: ("name",),
        tokens.SUBSCRIPTION: ("topic", "endpoint", "redrivePolicy"),
        tokens.LOG_GROUP: ("kmsKeyId", "name"),
    },
    check=_check,
)
