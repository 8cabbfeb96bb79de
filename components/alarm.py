"""An alarm as a value: what it judges, what it means, where its section of the guide is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from components.metrics import Metric, of_function, of_queue
from components.names import Names

DAY = 86400
UNITS = (("days", DAY), ("h", 3600), ("min", 60), ("s", 1))
"""Seconds."""

Comparison = Literal["GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold"]


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One alarm on one metric. Periods are seconds; `section` is one of the guide."""

    name: str
    means: str
    section: str
    metric: Metric
    statistic: Literal["Sum", "Maximum", "Minimum"]
    comparison: Comparison = "GreaterThanThreshold"
    threshold: float = 0
    period: int = 60
    periods: int = 1
    missing: Literal["notBreaching", "breaching", "ignore"] = "notBreaching"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One metric of an expression; `statistic` may be a percentile rank such as `PR(:300)`."""

    metric: Metric
    statistic: str


@dataclass(frozen=True, kw_only=True)
class RatioAlarm:
    """One alarm on an expression over metrics, which are named by their ids in it."""

    name: str
    means: str
    section: str
    label: str
    expression: str
    measured: Mapping[str, Measured]
    comparison: Comparison
    threshold: float
    period: int = 60
    trips: bool = False
    """Whether the manager hears of it too: the circuit's backstop."""


def depth_alarm(queue: str, what: str, section: str, do: str, names: Names) -> Alarm:
    """Nothing may lie in a queue of dead letters unseen; `do` is what to do about it."""
    return Alarm(
        name=names.of(what),
        means=f"Messages lie in {queue}. {do}",
        section=section,
        metric=of_queue(queue, "ApproximateNumberOfMessagesVisible"),
        statistic="Maximum",
    )


def undelivered_alarm(names: Names, what: str) -> Alarm:
    """SNS gives a message up at once where a policy refuses it."""
    return depth_alarm(
        names.delivery_queue(what),
        f"{what}-undelivered",
        "undelivered",
        "SNS could not deliver them: mend the policies of queue and key, then publish them again",
        names,
    )


def throttle_alarm(names: Names, service: str) -> Alarm:
    """Throttled polls burn receives."""
    return Alarm(
        name=names.of(f"{service}-throttles"),
        means="Lambda throttles the function: the account's concurrency is used up. Raise it",
        section="throttles",
        metric=of_function(names.of(service), "Throttles"),
        statistic="Sum",
        periods=3,
    )


def said(seconds: int) -> str:
    """A duration in its largest whole unit; a single day is 24 h."""
    return next(
        f"{seconds // size} {unit}"
        for unit, size in UNITS
        if seconds % size == 0 and (seconds, unit) != (DAY, "days")
    )


def described(alarm: Alarm | RatioAlarm, guide: str) -> str:
    """What it means, what to do, and where more of it stands."""
    return f"{alarm.means}. {guide}#{alarm.section}"
