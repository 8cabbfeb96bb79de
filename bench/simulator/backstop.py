"""A model of the alarm on a function's errors over its invocations, behind CloudWatch's client.

Sources, under https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/: one evaluation of
one period, missing data not breaching (alarms-and-missing-data.html), an action at a change into
ALARM only (alarm-actions.html). When a period's data is there AWS does not say: here after a
minute. The expression is that of components/service_alarms.py.
"""
# ruff: noqa: N803 - the names and the loose types of boto3's clients

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bench.simulator.engine import Engine
from bench.simulator.stack import Stack

NAME = "alarm"
PERIOD = 60.0
LATE = 60.0
"""Seconds."""

Counts = tuple[float, float]
"""Invocations and errors so far."""


class Backstop:
    """The alarm of one service.

    Args:
        engine: The clock.
        stack: With the share and the volume from which on it fires.
        counted: The function's counts.
        notify: Publishes on the control topic.
    """

    def __init__(
        self,
        engine: Engine,
        stack: Stack,
        counted: Callable[[], Counts],
        notify: Callable[[str], None],
    ) -> None:
        self._engine, self._stack = engine, stack
        self._counted, self._notify = counted, notify
        self._before: Counts = (0, 0)
        self._since: float | None = None
        engine.at(engine.now + PERIOD, self._period_over)

    def describe_alarms(self, *, AlarmNames: list[str], StateValue: str) -> dict[str, Any]:
        """The alarm, if it is the one asked for and in ALARM."""
        if AlarmNames != [NAME] or StateValue != "ALARM" or self._since is None:
            return {}
        alarm = {
            "StateUpdatedTimestamp": datetime.fromtimestamp(self._since, UTC),
            "StateReason": "most invocations fail",
            "EvaluationPeriods": 1,
            "Metrics": [{"MetricStat": {"Period": int(PERIOD)}}, {"Expression": "IF(calls ...)"}],
        }
        return {"MetricAlarms": [alarm]}

    def _period_over(self) -> None:
        calls, errors = (
            now - before for now, before in zip(self._counted(), self._before, strict=True)
        )
        self._before = self._counted()
        breaching = (
            calls >= self._stack.alarm_volume and errors / calls >= self._stack.alarm_error_rate
        )
        self._engine.at(self._engine.now + LATE, lambda: self._judged(breaching))
        self._engine.at(self._engine.now + PERIOD, self._period_over)

    def _judged(self, breaching: bool) -> None:
        if not breaching:
            self._since = None
        elif self._since is None:
            self._since = self._engine.now
            self._notify(json.dumps({"AlarmName": NAME, "NewStateValue": "ALARM"}))
