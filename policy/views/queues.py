"""Queues as the controls see them: redrive, dead letters, and what fails into them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from policy import tokens
from policy.graph import Graph, Target
from policy.resource import NotKnownError, Resource

_FOUR_DAYS: Final = 345_600


def retention(queue: Resource) -> float:
    """Seconds that a queue keeps messages: four days unless it is told otherwise."""
    return queue.number("messageRetentionSeconds") or _FOUR_DAYS


@dataclass(frozen=True, kw_only=True)
class Redrive:
    """Where a queue's or a subscription's failures go.

    Attributes:
        holder: the resource that carries the redrive policy.
        target: the dead-letter queue; its resource is None outside of this program.
    """

    holder: Resource
    target: Target

    @property
    def max_receive_count(self) -> float | None:
        """The receives before a message moves; None where absent.

        Raises:
            NotKnownError: the document is not known yet.
        """
        document = self.holder.document("redrivePolicy")
        count = None if document is None else document.get("maxReceiveCount")
        if isinstance(count, str) and count.isdigit():
            return int(count)
        return count if isinstance(count, int | float) else None


def redrive_in(graph: Graph, holder: Resource) -> Redrive | None:
    """The redrive policy that a resource carries, by its value or by its edges.

    Raises:
        NotKnownError: neither the value nor the edges say where it points.
    """
    if not holder.has("redrivePolicy"):
        return None
    if not holder.known("redrivePolicy"):
        target = graph.target(holder, "redrivePolicy", tokens.QUEUE)
        return Redrive(holder=holder, target=target) if target else None
    document = holder.document("redrivePolicy")
    arn = None if document is None else document.get("deadLetterTargetArn")
    if not isinstance(arn, str):
        return None
    return Redrive(holder=holder, target=Target(resource=graph.resolve(arn), value=arn))


def redrive(graph: Graph, queue: Resource) -> Redrive | None:
    """The redrive policy of a queue, its own or a separate resource's."""
    holders = (queue, *graph.pointing(tokens.QUEUE_REDRIVE, "queueUrl", queue))
    found = (redrive_in(graph, holder) for holder in holders)
    return next((item for item in found if item), None)


@dataclass(frozen=True, kw_only=True)
class Source:
    """Something whose failures end in a dead-letter queue."""

    kind: str
    resource: Resource


def sources(graph: Graph, queue: Resource) -> tuple[Source, ...]:
    """What sends its failures to this queue; empty where it is no dead-letter queue."""
    return graph.memo("dead-letter sources", lambda: _all_sources(graph)).get(queue.urn, ())


def is_dead_letter_queue(graph: Graph, queue: Resource) -> bool:
    """Whether something of the program uses the queue for its failures."""
    return bool(sources(graph, queue))


def _all_sources(graph: Graph) -> Mapping[str, tuple[Source, ...]]:
    found: dict[str, list[Source]] = defaultdict(list)
    for kind, resource, target in _failures(graph):
        if target is not None:
            found[target.urn].append(Source(kind=kind, resource=resource))
    return {urn: tuple(items) for urn, items in found.items()}


def _failures(graph: Graph) -> Iterator[tuple[str, Resource, Resource | None]]:
    for queue in graph.of(tokens.QUEUE):
        yield "queue", queue, _redrive_target(graph, queue)
    for separate in graph.of(tokens.QUEUE_REDRIVE):
        try:
            queue = graph.target(separate, "queueUrl")
        except NotKnownError:
            continue
        if queue is not None and queue.resource is not None:
            yield "queue", queue.resource, _redrive_target(graph, separate)
    for subscription in graph.of(tokens.SUBSCRIPTION):
        yield "subscription", subscription, _redrive_target(graph, subscription)
    for token, name, path in _DESTINATIONS:
        for resource in graph.of(token):
            yield "invocation", resource, _destination(graph, resource, name, path)


# Where else a failure can go: the input's top property and the path to the ARN inside of it.
_DESTINATIONS = (
    (tokens.FUNCTION, "deadLetterConfig", ("targetArn",)),
    (tokens.INVOKE_CONFIG, "destinationConfig", ("onFailure", "destination")),
    (tokens.MAPPING, "destinationConfig", ("onFailure", "destinationArn")),
    (tokens.SCHEDULE, "target", ("deadLetterConfig", "arn")),
    (tokens.EVENT_TARGET, "deadLetterConfig", ("arn",)),
)


def _redrive_target(graph: Graph, holder: Resource) -> Resource | None:
    try:
        found = redrive_in(graph, holder)
    except NotKnownError:
        return None
    return found.target.resource if found else None


def _destination(
    graph: Graph, resource: Resource, name: str, path: tuple[str, ...]
) -> Resource | None:
    try:
        arn = resource.text(name, *path)
    except NotKnownError:
        edges = graph.edges(resource, name, tokens.QUEUE)
        return edges[0] if len(edges) == 1 else None
    return graph.resolve(arn, tokens.QUEUE) if arn else None


def is_fifo(queue: Resource) -> bool:
    """Whether a queue or topic keeps order, by its flag."""
    return queue.flag("fifoQueue") or queue.flag("fifoTopic")
