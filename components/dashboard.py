"""The stack's dashboard: one row a service, made from the list of services."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.alarms import METRICS
from components.names import MANAGER, Names
from components.services import Service
from components.stage import Component, Stage

ROW_HEIGHT = 6
WIDTH = 24
Metric = list[Any]


def dashboard_body(names: Names, services: Sequence[Service]) -> str:
    """The dashboard as CloudWatch takes it."""
    rows = [_service_row(names, service) for service in services]
    rows.append(_stack_row(names))
    widgets = [
        {**widget, "x": index * (WIDTH // len(row)), "y": number * ROW_HEIGHT}
        | {"width": WIDTH // len(row), "height": ROW_HEIGHT}
        for number, row in enumerate(rows)
        for index, widget in enumerate(row)
    ]
    return json.dumps({"widgets": widgets})


def _service_row(names: Names, service: Service) -> list[dict[str, Any]]:
    own = service.name
    dimensions = ["service", own, "environment", names.stack]
    queues = (names.queue(own), names.dead_letter_queue(own))
    function = ["FunctionName", names.of(own)]
    return [
        _widget(names, f"{own}: circuit", "Maximum", [[METRICS, "CircuitState", *dimensions]]),
        _widget(
            names,
            f"{own}: ends",
            "Sum",
            [
                [METRICS, metric, *dimensions]
                for metric in ("Completed", "Rejected", "DeadLettered", "Deferred")
            ],
        ),
        _widget(
            names,
            f"{own}: queue and dead letters",
            "Maximum",
            [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", q] for q in queues],
        ),
        _widget(
            names,
            f"{own}: time to data loss",
            "Minimum",
            [[METRICS, "TimeToDataLoss", *dimensions]],
        ),
        _widget(names, f"{own}: bank latency", "p95", [[METRICS, "BankLatency", *dimensions]]),
        _widget(
            names,
            f"{own}: function",
            "Sum",
            [
                ["AWS/Lambda", metric, *function]
                for metric in ("Invocations", "Errors", "Throttles")
            ],
        ),
    ]


def _stack_row(names: Names) -> list[dict[str, Any]]:
    payment = ["service", "payment-processing", "environment", names.stack]
    manager = ["service", MANAGER, "environment", names.stack]
    unrouted = ["QueueName", names.queue("unrouted")]
    depth = "ApproximateNumberOfMessagesVisible"
    return [
        _widget(names, "Money processed", "Sum", [[METRICS, "MoneyProcessed", *payment]]),
        _widget(names, "Reconciles", "Sum", [[METRICS, "Reconciles", *manager]]),
        _widget(names, "Unrouted messages", "Maximum", [["AWS/SQS", depth, *unrouted]]),
    ]


def _widget(names: Names, title: str, statistic: str, metrics: list[Metric]) -> dict[str, Any]:
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
            dashboard_body=dashboard_body(stage.names, stage.services),
            opts=self.child(),
        )
        self.register_outputs({})
