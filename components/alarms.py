"""Every alarm of the stack, made from its value."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.alarm import Alarm, RatioAlarm, described
from components.backbone import Backbone
from components.service_alarms import service_alarms
from components.stack_alarms import stack_alarms
from components.stage import Component, Stage


def every_alarm(stage: Stage) -> list[Alarm | RatioAlarm]:
    """The alarms of all services, and the stack's own."""
    names, settings = stage.names, stage.settings
    of_services = [service_alarms(names, settings, service) for service in stage.services]
    return [alarm for alarms in (*of_services, stack_alarms(names, settings)) for alarm in alarms]


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
        self._names, self._guide = stage.names, stage.settings.guide
        for alarm in every_alarm(stage):
            if isinstance(alarm, Alarm):
                self._make(alarm, notifications.arn)
            else:
                tell = [control.arn] if alarm.trips else []
                self._make_ratio(alarm, [*tell, notifications.arn])
        self.register_outputs({})

    def _make(self, alarm: Alarm, notify: str) -> None:
        aws.cloudwatch.MetricAlarm(
            alarm.name.removeprefix(f"{self._names.prefix}-"),
            name=alarm.name,
            alarm_description=described(alarm, self._guide),
            namespace=alarm.metric.namespace,
            metric_name=alarm.metric.name,
            dimensions=alarm.metric.dimensions,
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

    def _make_ratio(self, alarm: RatioAlarm, tell: Sequence[str]) -> None:
        aws.cloudwatch.MetricAlarm(
            alarm.name.removeprefix(f"{self._names.prefix}-"),
            name=alarm.name,
            alarm_description=described(alarm, self._guide),
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
                            "namespace": one.metric.namespace,
                            "metric_name": one.metric.name,
                            "dimensions": one.metric.dimensions,
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
