"""The circuit's backstop, read each turn: an alarm's action fires on a change of state only."""

from typing import TYPE_CHECKING

from handlers.common.aws import aws_errors
from handlers.common.circuit.events import Alarm

if TYPE_CHECKING:
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_cloudwatch.type_defs import MetricAlarmTypeDef

LATE = 3
"""Periods that may pass before an alarm follows its metric: late data, missing data filled in.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""


class CloudWatchAlarms:
    """Alarms of one account and region."""

    def __init__(self, client: "CloudWatchClient") -> None:
        self._client = client

    def firing(self, name: str, now: float) -> Alarm | None:
        """See Alarms.

        An alarm speaks of the moment it changed. One that stays in ALARM also speaks of the
        present, less the periods it looks back over: without that, crashes that go on from one
        open period into the next would never trip again.
        """
        with aws_errors("reading the alarm"):
            answer = self._client.describe_alarms(AlarmNames=[name], StateValue="ALARM")
        for alarm in answer.get("MetricAlarms", []):
            changed = alarm.get("StateUpdatedTimestamp")
            return Alarm(
                at=max(changed.timestamp() if changed else 0.0, now - _looks_back(alarm)),
                why=alarm.get("StateReason", "")[:500],
            )
        return None


def _looks_back(alarm: "MetricAlarmTypeDef") -> float:
    """Seconds of data that the alarm's state may rest on."""
    periods = [
        query["MetricStat"]["Period"] for query in alarm.get("Metrics", []) if "MetricStat" in query
    ]
    period = max([alarm.get("Period", 60), *periods])
    return period * (alarm.get("EvaluationPeriods", 1) + LATE)
