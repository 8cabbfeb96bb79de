"""Alarms: each is a value that says what it means and what to do; a component makes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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

Comparison = Literal["GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold"]


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One alarm on one metric. Periods are seconds."""

    name: str
    means: str
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
class Backstop:
    """The alarm that trips a circuit when no code inside can: crashes, timeouts, bad images.

    Errors over invocations, judged only above a minimum volume.
    """

    service: str
    name: str
    function: str
    rate: float
    minimum_volume: int
    means: str = field(
        default="Most invocations fail, and the circuit opens: see the function's log"
    )


def backstop(names: Names, settings: Settings, service: Service) -> Backstop:
    """The backstop of one service."""
    return Backstop(
        service=service.name,
        name=names.backstop_alarm(service.name),
        function=names.of(service.name),
        rate=float(settings.alarm_error_rate),
        minimum_volume=settings.alarm_minimum_volume,
    )


def service_alarms(names: Names, settings: Settings, service: Service) -> tuple[Alarm, ...]:
    """The alarms of one service beside its backstop."""
    own = service.name
    dimensions = {"service": own, "environment": settings.stack}
    return (
        depth_alarm(names.dead_letter_queue(own), f"{own}-dead-letters", names),
        depth_alarm(names.delivery_queue(own), f"{own}-undelivered", names),
        Alarm(
            name=names.of(f"{own}-age"),
            means="The oldest message waits too long: look at the circuit, then at the bank",
            namespace="AWS/SQS",
            metric="ApproximateAgeOfOldestMessage",
            dimensions={"QueueName": names.queue(own)},
            statistic="Maximum",
            threshold=settings.alarm_message_age,
        ),
        *(
            Alarm(
                name=names.of(f"{own}-data-loss-{level}"),
                means="Messages will expire in the queue: end the outage, or move them",
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
            means="The service is paused: see its circuit's cause and history",
            namespace=METRICS,
            metric="CircuitState",
            dimensions=dimensions,
            statistic="Maximum",
            comparison="GreaterThanOrEqualToThreshold",
            threshold=2,
            missing="ignore",
        ),
        throttle_alarm(names, own),
    )


def stack_alarms(names: Names, settings: Settings) -> tuple[Alarm, ...]:
    """The alarms that belong to no single service."""
    function = {"FunctionName": names.of(MANAGER)}
    return (
        depth_alarm(names.queue("unrouted"), "unrouted", names),
        depth_alarm(names.dead_letter_queue("unrouted"), "unrouted-dead-letters", names),
        depth_alarm(names.delivery_queue("unrouted"), "unrouted-undelivered", names),
        depth_alarm(names.manager_dead_letter_queue, f"{MANAGER}-dead-letters", names),
        Alarm(
            name=names.of("no-attributes"),
            means="Messages without any attribute matched no subscription: find their publisher",
            namespace="AWS/SNS",
            metric="NumberOfNotificationsFilteredOut-NoMessageAttributes",
            dimensions={"TopicName": names.transaction_topic},
            statistic="Sum",
        ),
        Alarm(
            name=names.of(f"{MANAGER}-errors"),
            means="The manager fails: paused services will not come back by themselves",
            namespace="AWS/Lambda",
            metric="Errors",
            dimensions=function,
            statistic="Sum",
            periods=3,
        ),
        Alarm(
            name=names.of(f"{MANAGER}-silent"),
            means="No reconcile for five minutes: see the schedule and the manager's log",
            namespace=METRICS,
            metric="Reconciles",
            dimensions={"service": MANAGER, "environment": settings.stack},
            statistic="Sum",
            comparison="LessThanThreshold",
            threshold=1,
            period=300,
            missing="breaching",
        ),
        throttle_alarm(names, MANAGER),
    )


def depth_alarm(queue: str, what: str, names: Names) -> Alarm:
    """Nothing may lie in a queue of dead letters unseen."""
    return Alarm(
        name=names.of(what),
        means=f"Messages lie in {queue}: read their reasons, repair, redrive",
        namespace="AWS/SQS",
        metric="ApproximateNumberOfMessagesVisible",
        dimensions={"QueueName": queue},
        statistic="Maximum",
    )


def throttle_alarm(names: Names, service: str) -> Alarm:
    """Throttled polls burn receives."""
    return Alarm(
        name=names.of(f"{service}-throttles"),
        means="Lambda throttles the function: the account's concurrency is used up",
        namespace="AWS/Lambda",
        metric="Throttles",
        dimensions={"FunctionName": names.of(service)},
        statistic="Sum",
        periods=3,
    )


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
            self._make_backstop(
                backstop(names, settings, service), [control.arn, notifications.arn]
            )
            for alarm in service_alarms(names, settings, service):
                self._make(alarm, names, notifications.arn)
        for alarm in stack_alarms(names, settings):
            self._make(alarm, names, notifications.arn)
        self.register_outputs({})

    def _make(self, alarm: Alarm, names: Names, notify: str) -> None:
        aws.cloudwatch.MetricAlarm(
            alarm.name.removeprefix(f"{names.prefix}-"),
            name=alarm.name,
            alarm_description=f"{alarm.means}. {GUIDE}",
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

    def _make_backstop(self, alarm: Backstop, act: Sequence[str]) -> None:
        aws.cloudwatch.MetricAlarm(
            f"{alarm.service}-errors",
            name=alarm.name,
            alarm_description=f"{alarm.means}. {GUIDE}",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=alarm.rate,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            metric_queries=[
                {
                    "id": "rate",
                    "expression": f"IF(calls >= {alarm.minimum_volume}, errors / calls, 0)",
                    "label": "Errors over invocations",
                    "return_data": True,
                },
                *(
                    {
                        "id": identifier,
                        "metric": {
                            "namespace": "AWS/Lambda",
                            "metric_name": metric,
                            "dimensions": {"FunctionName": alarm.function},
                            "period": 60,
                            "stat": "Sum",
                        },
                    }
                    for identifier, metric in (("errors", "Errors"), ("calls", "Invocations"))
                ),
            ],
            alarm_actions=list(act),
            ok_actions=list(act),
            opts=self.child(*self._topics),
        )
