"""Alarms on metrics: which watch what, and whether anybody hears them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from policy import tokens
from policy.graph import Graph
from policy.resource import NotKnownError, Resource
from policy.values import Unknown, list_of, mapping_of


def alarms_on(
    graph: Graph, metric: str, dimension: str, resource: Resource
) -> tuple[Resource, ...]:
    """The alarms on a metric of one queue, function or the like, metric math included.

    A dimension that is not known yet is decided by what it is made from.

    Raises:
        NotKnownError: nothing is made from the resource's name, which is not known yet.
    """

    def index() -> dict[tuple[str, str, str], list[Resource]]:
        found: dict[tuple[str, str, str], list[Resource]] = defaultdict(list)
        for alarm in graph.of(tokens.ALARM):
            for watched in set(_watched(alarm)):
                found[watched].append(alarm)
        return found

    alarms = graph.memo("alarms on", index)
    made_from = alarms.get((metric, dimension, resource.urn), ())
    if resource.physical_name is None:
        # A name that Pulumi makes up can be had from the resource only, and leaves an edge.
        if resource.has("name") and not made_from:
            raise NotKnownError(resource, ("name",))
        return tuple(made_from)
    return (*made_from, *alarms.get((metric, dimension, resource.physical_name), ()))


def _watched(alarm: Resource) -> Iterator[tuple[str, str, str]]:
    for source, metric, dimensions in _metrics(alarm):
        for key, value in dimensions.items():
            if isinstance(metric, str) and isinstance(value, str):
                yield metric, key, value
            elif isinstance(metric, str) and isinstance(value, Unknown):
                yield from ((metric, key, urn) for urn in alarm.edges.get(source, ()))


def _metrics(alarm: Resource) -> Iterator[tuple[str, object, Mapping[str, object]]]:
    """The input that names a metric, the metric, and its dimensions."""
    yield "dimensions", alarm.inputs.get("metricName"), mapping_of(alarm.inputs.get("dimensions"))
    for query in list_of(alarm.inputs.get("metricQueries")):
        metric = mapping_of(mapping_of(query).get("metric"))
        yield "metricQueries", metric.get("metricName"), mapping_of(metric.get("dimensions"))


def has_actions(graph: Graph, alarm: Resource) -> bool:
    """Whether the alarm tells anybody, itself or through a composite alarm.

    Raises:
        NotKnownError: its actions are not known and have no edge to a topic.
    """
    if alarm.get("actionsEnabled") is False:
        return False
    if not alarm.known("alarmActions"):
        if graph.edges(alarm, "alarmActions"):
            return True
        raise NotKnownError(alarm, ("alarmActions",))
    if alarm.items("alarmActions"):
        return True
    name = alarm.physical_name
    return name is not None and any(
        f'"{name}"' in (rule.text("alarmRule") or "") and bool(rule.items("alarmActions"))
        for rule in graph.of(tokens.COMPOSITE_ALARM)
    )
