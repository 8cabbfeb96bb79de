"""The calls that a program means to make: services for its resources, roles by their grants."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from policy import tokens
from policy.evaluate import Request, by_role, by_service
from policy.graph import Graph
from policy.iam.grants import Grant, grants_of
from policy.resource import NotKnownError, Resource
from policy.values import texts
from policy.views.queues import redrive_in


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request and the resource of the program that it goes to."""

    who: str
    to: Resource
    request: Request


def service_calls(graph: Graph, to: Resource) -> Sequence[Call]:
    """What topics deliver and what alarms publish to a queue or topic."""
    calls = graph.memo("service calls", lambda: _by_target(_deliveries(graph), _alarms(graph)))
    return calls.get(to.urn, ())


def role_calls(graph: Graph, to: Resource) -> Sequence[Call]:
    """What the roles of the program are granted on a queue or topic."""
    return graph.memo("role calls", lambda: _by_target(_granted(graph))).get(to.urn, ())


def _by_target(*sources: Iterable[Call]) -> Mapping[str, Sequence[Call]]:
    found: dict[str, list[Call]] = defaultdict(list)
    for source in sources:
        for call in source:
            found[call.to.urn].append(call)
    return found


def arn_of(graph: Graph, resource: Resource) -> str:
    """The ARN of a named resource of the program."""
    account, region = graph.account or "*", graph.region or "*"
    name = resource.physical_name or "*"
    return {
        tokens.QUEUE: f"arn:aws:sqs:{region}:{account}:{name}",
        tokens.TOPIC: f"arn:aws:sns:{region}:{account}:{name}",
        tokens.ALARM: f"arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
        tokens.TABLE: f"arn:aws:dynamodb:{region}:{account}:table/{name}",
        tokens.FUNCTION: f"arn:aws:lambda:{region}:{account}:function:{name}",
        tokens.ROLE: f"arn:aws:iam::{account}:role/{name}",
        tokens.LOG_GROUP: f"arn:aws:logs:{region}:{account}:log-group:{name}",
    }[resource.type]


def _deliveries(graph: Graph) -> Iterator[Call]:
    for subscription in graph.of(tokens.SUBSCRIPTION):
        try:
            topic = graph.target(subscription, "topic", tokens.TOPIC)
            endpoint = graph.target(subscription, "endpoint")
            kept = redrive_in(graph, subscription)
        except NotKnownError:
            continue
        if topic is None or topic.resource is None:
            continue
        source = arn_of(graph, topic.resource)
        request = by_service(
            "sns.amazonaws.com", "sqs:SendMessage", source=source, account=graph.account
        )
        for target in (endpoint, kept.target if kept else None):
            queue = target.resource if target else None
            if queue is not None and queue.type == tokens.QUEUE:
                yield Call(who=f"topic {topic.resource.name}", to=queue, request=request)


def _alarms(graph: Graph) -> Iterator[Call]:
    for alarm in graph.of(tokens.ALARM):
        if not alarm.known("alarmActions"):
            continue
        request = by_service(
            "cloudwatch.amazonaws.com",
            "sns:Publish",
            source=arn_of(graph, alarm),
            account=graph.account,
        )
        for arn in texts(alarm.get("alarmActions")):
            topic = graph.resolve(arn, tokens.TOPIC)
            if topic is not None:
                yield Call(who=f"alarm {alarm.name}", to=topic, request=request)


def _granted(graph: Graph) -> Iterator[Call]:
    account = graph.account
    for role in graph.of(tokens.ROLE):
        arn = arn_of(graph, role)
        for grant in grants_of(graph, role):
            if not isinstance(grant, Grant) or not grant.statement.allows:
                continue
            for text in grant.statement.resources:
                to = graph.resolve(text, tokens.QUEUE, tokens.TOPIC)
                if to is None:
                    continue
                service = "sqs" if to.type == tokens.QUEUE else "sns"
                for action in grant.statement.actions:
                    if action.lower().startswith(f"{service}:"):
                        request = by_role(arn, action, account=account)
                        yield Call(who=f"role {role.name}", to=to, request=request)
