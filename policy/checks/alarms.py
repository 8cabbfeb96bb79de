"""Alarms on metrics: which watch what, and whether anybody hears them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from policy import tokens
from policy.graph import Graph, NotKnownError, Resource


def alarms_on(graph: Graph, metric: str, dimension: str, value: str) -> tuple[Resource, ...]:
    """The alarms on a metric of one queue, function or the like, metric math included."""

    def index() -> dict[tuple[str, str, str], list[Resource]]:
        found: dict[tuple[str, str, str], list[Resource]] = defaultdict(list)
        for alarm in graph.of(tokens.ALARM):
            for watched in set(_watched(alarm)):
                found[watched].append(alarm)
        return found

    return tuple(graph.memo("alarms on", index).get((metric, dimension, value), ()))


def _watched(alarm: Resource) -> Iterator[tuple[str, str, str]]:
    metrics: list[tuple[object, Mapping[str, object]]] = [
        (alarm.inputs.get("metricName"), _mapping(alarm.inputs.get("dimensions")))
    ]
    for query in _list(alarm.inputs.get("metricQueries")):
        metric = _mapping(_mapping(query).get("metric"))
        metrics.append((metric.get("metricName"), _mapping(metric.get("dimensions"))))
    for name, dimensions in metrics:
        for key, value in dimensions.items():
            if isinstance(name, str) and isinstance(value, str):
                yield name, key, value


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[object]:
    return cast("Sequence[object]", value) if isinstance(value, list) else ()


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
