"""The backstop, as CloudWatch shows it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.subscription_manager.cloudwatch_alarms import CloudWatchAlarms

NOW = 1_800_000_000.0


def alarm(updated: float, **fields: object) -> dict[str, Any]:
    at = datetime.fromtimestamp(updated, UTC)
    return {"MetricAlarms": [{"StateUpdatedTimestamp": at, "StateReason": "errors", **fields}]}


@pytest.mark.parametrize(
    ("updated", "fields", "at"),
    [
        (NOW - 10, {"Period": 60, "EvaluationPeriods": 1}, NOW - 10),
        (NOW - 9999, {"Period": 60, "EvaluationPeriods": 1}, NOW - 240),
        (NOW - 9999, {"Period": 60, "EvaluationPeriods": 2}, NOW - 300),
        (
            NOW - 9999,
            {
                "EvaluationPeriods": 1,
                "Metrics": [
                    {"Id": "rate", "Expression": "errors / invocations"},
                    {
                        "Id": "errors",
                        "MetricStat": {"Metric": {}, "Period": 300, "Stat": "Sum"},
                    },
                ],
            },
            NOW - 1200,
        ),
    ],
)
def test_an_alarm_speaks_of_its_change_and_while_it_lasts_of_what_it_looks_back_on(
    updated: float, fields: dict[str, object], at: float, stubbed: dict[str, Any]
) -> None:
    client, stub = stubbed["cloudwatch"]
    stub.add_response(
        "describe_alarms",
        alarm(updated, **fields),
        {"AlarmNames": ["payments-errors"], "StateValue": "ALARM"},
    )

    fired = CloudWatchAlarms(client).firing("payments-errors", NOW)

    assert fired is not None
    assert (fired.at, fired.why) == (at, "errors")


def test_an_alarm_that_is_not_in_alarm_says_nothing(stubbed: dict[str, Any]) -> None:
    client, stub = stubbed["cloudwatch"]
    stub.add_response("describe_alarms", {"MetricAlarms": []})

    assert CloudWatchAlarms(client).firing("payments-errors", NOW) is None
