"""Alarms: each is a value that says what it means and what to do; a component makes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.backbone import Backbone
from components.names import MANAGER, Names
from components.services import Service
from components.settings import Settings
from components.stage import Component, Stage

METRICS = "UtilityCustomerSystem"
"""The namespace of the system's own metrics; their dimensions are service and environment."""

GUIDE = "docs/troubleshooting.md"
OBJECTIVE = 99.9
"""Per cent of transactions at their end in time, in 28 days."""

HOUR = 3600
BURNS: tuple[tuple[str, int, float], ...] = (("fast", HOUR, 14.4), ("slow", 6 * HOUR, 6.0))
"""Name, window in seconds, and how many times too fast the error budget is used up.

At 14.4 two per cent of a month's budget are gone in an hour, at 6 five per cent in six.
https://sre.google/workbook/alerting-on-slos/
"""

Comparison = Literal["GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold"]


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One alarm on one metric. Periods are seconds; `section` is one of the guide."""

    name: str
    means: str
    section: str
    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    statistic: Literal["Sum", "Maximum", "Minimum"]
    comparison: Comparison = "GreaterThanThreshold"
    threshold: float = 0
    period: int = 60
    periods: int = 1
    missing: Literal["notBreaching", "breaching", "ignore"] = "notBreaching"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One metric of an expression; `statistic` may be a percentile rank such as `PR(:300)`."""

    namespace: str
    metric: str
    dimensions: Mapping[str, str]
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


def backstop(names: Names, settings: Settings, service: Service) -> RatioAlarm:
    """The alarm that trips a circuit when no code inside can: crashes, timeouts, bad images.

    Errors over invocations, judged only above a minimum volume.
    """
    function = {"FunctionName": names.of(service.name)}
    return RatioAlarm(
        name=names.backstop_alarm(service.name),
        means="Most invocations fail, and the circuit opens. Read the function's log; roll back",
        section="errors",
        label="Errors over invocations",
        expression=f"IF(calls >= {settings.alarm_minimum_volume}, errors / calls, 0)",
        measured={
            key: Measured(
                namespace="AWS/Lambda", metric=metric, dimensions=function, statistic="Sum"
            )
            for key, metric in (("errors", "Errors"), ("calls", "Invocations"))
        },
        comparison="GreaterThanOrEqualToThreshold",
        threshold=float(settings.alarm_error_rate),
        trips=True,
    )


def service_levels(names: Names, settings: Settings, service: Service) -> tuple[RatioAlarm, ...]:
    """Alarms on how fast the error budget burns, each over its own window.

    A message that met an outage of the bank is not counted: the workers measure the others only.
    """
    dimensions = {"service": service.name, "environment": settings.stack}
    within = settings.service_level_time
    return tuple(
        RatioAlarm(
            name=names.of(f"{service.name}-service-level-{speed}"),
            means=f"Too few transactions end within {within} s while the bank is up. "
            "Look at throttles, concurrency and the bank's latency",
            section="service-level",
            label="Per cent in time",
            expression=f"IF(ends >= {settings.minimum_volume}, intime, 100)",
            measured={
                key: Measured(
                    namespace=METRICS,
                    metric="TimeToEnd",
                    dimensions=dimensions,
                    statistic=statistic,
                )
                for key, statistic in (("ends", "SampleCount"), ("intime", f"PR(:{within})"))
            },
            comparison="LessThanThreshold",
            threshold=round(100 - burn * (100 - OBJECTIVE), 4),
            period=window,
        )
        for speed, window, burn in BURNS
    )


def service_alarms(names: Names, settings: Settings, service: Service) -> tuple[Alarm, ...]:
    """The alarms of one service on a single metric."""
    own = service.name
    dimensions = {"service": own, "environment": settings.stack}
    return (
        depth_alarm(names.dead_letter_queue(own), f"{own}-dead-letters", "dead-letters", names),
        depth_alarm(names.delivery_queue(own), f"{own}-undelivered", "undelivered", names),
        Alarm(
            name=names.of(f"{own}-age"),
            means="The oldest message waits too long. Look at the circuit, then at the bank",
            section="age",
            namespace="AWS/SQS",
            metric="ApproximateAgeOfOldestMessage",
            dimensions={"QueueName": names.queue(own)},
            statistic="Maximum",
            threshold=settings.alarm_message_age,
        ),
        *(
            Alarm(
                name=names.of(f"{own}-data-loss-{level}"),
                means="Messages will expire in the queue. End the outage, or move them",
                section="data-loss",
                namespace=METRICS,
                metric="TimeToDataLoss",
                dimensions=dimensions,
                statistic="Minimum",
                comparison="LessThanThreshold",
                threshold=limit,
            )
            for level, limit in (
                ("warning", settings.data_loss_warning),
                ("critical", settings.data_loss_critical),
            )
        ),
        Alarm(
            name=names.of(f"{own}-circuit"),
            means="The service is paused, open or held. Its circuit's cause says what to do",
            section="circuit",
            namespace=METRICS,
            metric="CircuitState",
            dimensions=dimensions,
            statistic="Maximum",
            comparison="GreaterThanOrEqualToThreshold",
            threshold=2,
            missing="ignore",
        ),
        Alarm(
            name=names.of(f"{own}-not-reconciled"),
            means="No turn of the manager in five minutes: if paused, it stays so. "
            "See the schedule and the manager's log",
            section="manager",
            namespace=METRICS,
            metric="Reconciles",
            dimensions=dimensions,
            statistic="Sum",
            comparison="LessThanThreshold",
            threshold=1,
            period=300,
            missing="breaching",
        ),
        throttle_alarm(names, own),
    )


def stack_alarms(names: Names, settings: Settings) -> tuple[Alarm, ...]:
    """The alarms that belong to no single service."""
    transactions = {"TopicName": names.transaction_topic}
    return (
        depth_alarm(names.queue("unrouted"), "unrouted", "unrouted", names),
        depth_alarm(
            names.dead_letter_queue("unrouted"), "unrouted-dead-letters", "unrouted", names
        ),
        depth_alarm(names.delivery_queue("unrouted"), "unrouted-undelivered", "undelivered", names),
        depth_alarm(names.manager_dead_letter_queue, f"{MANAGER}-dead-letters", "manager", names),
        Alarm(
            name=names.of("no-attributes"),
            means="Messages without any attribute matched no subscription. Find their publisher",
            section="no-attributes",
            namespace="AWS/SNS",
            metric="NumberOfNotificationsFilteredOut-NoMessageAttributes",
            dimensions=transactions,
            statistic="Sum",
        ),
        Alarm(
            name=names.of("nothing-arrives"),
            means="No transaction was published for too long. Ask the publishers",
            section="nothing-arrives",
            namespace="AWS/SNS",
            metric="NumberOfMessagesPublished",
            dimensions=transactions,
            statistic="Sum",
            comparison="LessThanThreshold",
            threshold=1,
            period=settings.alarm_quiet_time,
            missing="breaching",
        ),
        Alarm(
            name=names.of("refused-commands"),
            means="The manager refused a command. Its log says why; give it again as it should be",
            section="manager",
            namespace=METRICS,
            metric="Refused",
            dimensions={"service": MANAGER, "environment": settings.stack},
            statistic="Sum",
        ),
        Alarm(
            name=names.of(f"{MANAGER}-errors"),
            means="The manager fails. Paused services will not come back by themselves",
            section="manager",
            namespace="AWS/Lambda",
            metric="Errors",
            dimensions={"FunctionName": names.of(MANAGER)},
            statistic="Sum",
            periods=3,
        ),
        throttle_alarm(names, MANAGER),
    )


def depth_alarm(queue: str, what: str, section: str, names: Names) -> Alarm:
    """Nothing may lie in a queue of dead letters unseen."""
    return Alarm(
        name=names.of(what),
        means=f"Messages lie in {queue}. Read their reasons, repair, redrive",
        section=section,
        namespace="AWS/SQS",
        metric="ApproximateNumberOfMessagesVisible",
        dimensions={"QueueName": queue},
        statistic="Maximum",
    )


def throttle_alarm(names: Names, service: str) -> Alarm:
    """Throttled polls burn receives."""
    return Alarm(
        name=names.of(f"{service}-throttles"),
        means="Lambda throttles the function: the account's concurrency is used up. Raise it",
        section="throttles",
        namespace="AWS/Lambda",
        metric="Throttles",
        dimensions={"FunctionName": names.of(service)},
        statistic="Sum",
        periods=3,
    )


def described(alarm: Alarm | RatioAlarm) -> str:
    """What it means, what to do, and where more of it stands."""
    return f"{alarm.means}. {GUIDE}#{alarm.section}"


class Alarms(Component):
    """Every alarm of the stack."""

    def __init__(
        self,
        name: str,
        stage: Stage,
        backbone: Backbone,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        control, notifications = backbone.control, backbone.notifications
        super().__init__(name, stage, {"notify": notifications.arn}, opts)
        self._topics = (control, notifications)
        names, settings = stage.names, stage.settings
        for service in stage.services:
            for ratio in (
                backstop(names, settings, service),
                *service_levels(names, settings, service),
            ):
                tell = [control.arn] if ratio.trips else []
                self._make_ratio(ratio, names, [*tell, notifications.arn])
            for alarm in service_alarms(names, settings, service):
                self._make(alarm, names, notifications.arn)
        for alarm in stack_alarms(names, settings):
            self._make(alarm, names, notifications.arn)
        self.register_outputs({})

    def _make(self, alarm: Alarm, names: Names, notify: str) -> None:
        aws.cloudwatch.MetricAlarm(
            alarm.name.removeprefix(f"{names.prefix}-"),
            name=alarm.name,
            alarm_description=described(alarm),
            namespace=alarm.namespace,
            metric_name=alarm.metric,
            dimensions=alarm.dimensions,
            statistic=alarm.statistic,
            period=alarm.period,
            evaluation_periods=alarm.periods,
            comparison_operator=alarm.comparison,
            threshold=alarm.threshold,
            treat_missing_data=alarm.missing,
            alarm_actions=[notify],
            ok_actions=[notify],
            opts=self.child(*self._topics),
        )

    def _make_ratio(self, alarm: RatioAlarm, names: Names, tell: Sequence[str]) -> None:
        aws.cloudwatch.MetricAlarm(
            alarm.name.removeprefix(f"{names.prefix}-"),
            name=alarm.name,
            alarm_description=described(alarm),
            comparison_operator=alarm.comparison,
            threshold=alarm.threshold,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            metric_queries=[
                {
                    "id": "judged",
                    "expression": alarm.expression,
                    "label": alarm.label,
                    "return_data": True,
                },
                *(
                    {
                        "id": key,
                        "metric": {
                            "namespace": one.namespace,
                            "metric_name": one.metric,
                            "dimensions": one.dimensions,
                            "period": alarm.period,
                            "stat": one.statistic,
                        },
                    }
                    for key, one in alarm.measured.items()
                ),
            ],
            alarm_actions=list(tell),
            ok_actions=list(tell),
            opts=self.child(*self._topics),
        )
