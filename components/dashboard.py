"""The stack's dashboard: what fires, then two rows a service, made from the list of services."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.alarms import every_alarm
from components.metrics import OWN
from components.names import MANAGER, Names
from components.services import Service
from components.stage import Component, Stage

ROW_HEIGHT, STRIP_HEIGHT = 6, 2
MOST_ALARMS = 100
"""Of one widget. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html"""

WIDTH = 24
DEPTH = "ApproximateNumberOfMessagesVisible"
BANK_ANSWERS = ("2xx", "3xx", "4xx", "5xx", "None")
VERDICTS = ("Well", "Unwell", "Undecided", "Empty")
Metric = list[Any]
Widget = dict[str, Any]


def dashboard_body(names: Names, services: Sequence[Service], alarms: Sequence[str]) -> str:
    """The dashboard as CloudWatch takes it; `alarms` are names."""
    strips = [
        _alarm_strip(names, alarms[start : start + MOST_ALARMS])
        | {"x": 0, "y": number * STRIP_HEIGHT, "width": WIDTH, "height": STRIP_HEIGHT}
        for number, start in enumerate(range(0, len(alarms), MOST_ALARMS))
    ]
    rows = [row for service in services for row in _service_rows(names, service)]
    rows.append(_stack_row(names, services))
    below = len(strips) * STRIP_HEIGHT
    widgets = [
        {**widget, "x": index * (WIDTH // len(row)), "y": below + number * ROW_HEIGHT}
        | {"width": WIDTH // len(row), "height": ROW_HEIGHT}
        for number, row in enumerate(rows)
        for index, widget in enumerate(row)
    ]
    return json.dumps({"widgets": [*strips, *widgets]})


def _alarm_strip(names: Names, alarms: Sequence[str]) -> Widget:
    """Those of these alarms that fire, the newest first."""
    properties = {
        "title": "Alarms that fire",
        "alarms": [names.alarm_arn(name) for name in alarms],
        "states": ["ALARM"],
        "sortBy": "stateUpdatedTimestamp",
    }
    return {"type": "alarm", "properties": properties}


def _service_rows(names: Names, service: Service) -> tuple[list[Widget], list[Widget]]:
    """What an operator asks first, and below it what the answer costs and who it comes from."""
    own = service.name
    dimensions = ["service", own, "environment", names.stack]
    queue, letters = names.queue(own), names.dead_letter_queue(own)

    def ours(title: str, statistic: str, *metrics: str) -> Widget:
        listed = [[OWN, metric, *dimensions] for metric in metrics]
        return _widget(names, f"{own}: {title}", statistic, listed)

    def of_sqs(title: str, metric: str, **queues: str) -> Widget:
        listed = [
            ["AWS/SQS", metric, "QueueName", name, {"label": label.replace("_", " ")}]
            for label, name in queues.items()
        ]
        return _widget(names, f"{own}: {title}", "Maximum", listed)

    function = ["FunctionName", names.of(own)]
    return (
        [
            ours("circuit (2 open, 3 held)", "Maximum", "CircuitState"),
            ours("ends", "Sum", "Completed", "Rejected", "DeadLettered", "OutcomeUnknown"),
            of_sqs("messages", DEPTH, waiting=queue, dead_letters=letters),
            of_sqs("oldest message, s", "ApproximateAgeOfOldestMessage", age=queue),
            ours("time to data loss, s", "Minimum", "TimeToDataLoss"),
            ours("queue to end, s, 99 of 100", "p99", "TimeToEnd"),
        ],
        [
            ours("bank latency, ms, 95 of 100", "p95", "BankLatency"),
            ours("bank answers", "Sum", *(f"BankStatus{kind}" for kind in BANK_ANSWERS)),
            ours("handed back", "Sum", "Deferred", "ReceivesBurned", "Duplicates"),
            ours("transitions and probes", "Sum", "Transitions", *(f"Probe{v}" for v in VERDICTS)),
            ours("seconds to detect, to recover", "Maximum", "DetectionTime", "RecoveryTime"),
            _widget(
                names,
                f"{own}: function",
                "Sum",
                [["AWS/Lambda", m, *function] for m in ("Invocations", "Errors", "Throttles")],
            ),
        ],
    )


def _stack_row(names: Names, services: Sequence[Service]) -> list[Widget]:
    stack = ["environment", names.stack]
    functions = [*(service.name for service in services), MANAGER]
    topic = ["TopicName", names.transaction_topic]
    return [
        _widget(
            names,
            "Money processed",
            "Sum",
            [
                [OWN, "MoneyProcessed", "service", s.name, *stack, {"label": s.name}]
                for s in services
                if s.money
            ],
        ),
        _widget(names, "Published", "Sum", [["AWS/SNS", "NumberOfMessagesPublished", *topic]]),
        _widget(
            names,
            "Turns of the manager",
            "Sum",
            [[OWN, "Reconciles", "service", s.name, *stack, {"label": s.name}] for s in services],
        ),
        _widget(
            names,
            "Unrouted messages",
            "Maximum",
            [["AWS/SQS", DEPTH, "QueueName", names.queue("unrouted"), {"label": "unrouted"}]],
        ),
        *(
            _widget(
                names,
                title,
                statistic,
                [
                    ["AWS/Lambda", metric, "FunctionName", names.of(name), {"label": name}]
                    for name in functions
                ],
            )
            for title, statistic, metric in (
                ("Duration, ms, 99 of 100", "p99", "Duration"),
                ("Functions at work", "Maximum", "ConcurrentExecutions"),
            )
        ),
    ]


def _widget(names: Names, title: str, statistic: str, metrics: list[Metric]) -> Widget:
    properties = {
        "title": title,
        "region": names.region,
        "stat": statistic,
        "period": 60,
        "metrics": metrics,
    }
    return {"type": "metric", "properties": properties}


class Dashboard(Component):
    """What an operator looks at first."""

    def __init__(self, name: str, stage: Stage, opts: pulumi.ResourceOptions | None = None) -> None:
        services = [service.name for service in stage.services]
        super().__init__(name, stage, {"services": services}, opts)
        aws.cloudwatch.Dashboard(
            name,
            dashboard_name=stage.names.prefix,
            dashboard_body=dashboard_body(
                stage.names, stage.services, [alarm.name for alarm in every_alarm(stage)]
            ),
            opts=self.child(),
        )
        self.register_outputs({})
