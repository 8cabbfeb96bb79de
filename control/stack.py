"""A stack's services, as its manager lists them, and what may be read of each."""

from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from control.errors import ControlError, RefusedError
from control.place import Place
from control.records import Records
from handlers.subscription_manager.settings import Managed, ManagedFunctions

if TYPE_CHECKING:
    from types_boto3_sqs.literals import QueueAttributeNameType

MANAGER = "subscription-manager"
METRICS = "UtilityCustomerSystem"
LOOK_BACK = 900
"""Seconds. The metrics of a queue that was idle come up to 15 minutes late."""

COUNTS: "tuple[QueueAttributeNameType, ...]" = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


class Firing(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm in the state ALARM."""

    name: str
    means: str
    since: str


class Stack:
    """Reads one stack. Everything here is a read-only call."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.records = Records(place.tables, place.name("circuit"))

    @cached_property
    def services(self) -> dict[str, Managed]:
        """The services by name, from the manager's own settings.

        Raises:
            ControlError: There is no such stack in this account and region, or its list cannot be
                read.
        """
        client = self.place.functions
        try:
            found = client.get_function_configuration(FunctionName=self.place.name(MANAGER))
        except client.exceptions.ResourceNotFoundException:
            where = f"{self.place.account}, {self.place.region}"
            raise ControlError(f"there is no stack {self.place.stack} in {where}") from None
        environment = found.get("Environment", {})
        if error := environment.get("Error"):
            # Lambda answers all the same where the key of the variables is not for the caller.
            hidden = f"AWS hides the manager's variables: {error.get('Message')}"
            raise ControlError(hidden)
        return _listed(environment.get("Variables", {}).get("MANAGED_FUNCTIONS", ""), self.place)

    def service(self, name: str) -> Managed:
        """One service.

        Raises:
            RefusedError: The manager knows none of this name.
        """
        try:
            return self.services[name]
        except KeyError:
            known = ", ".join(sorted(self.services))
            raise RefusedError(f"there is no service {name}; there are {known}") from None

    def counts(self, url: str) -> tuple[int, int, int]:
        """Visible, in flight and delayed messages of a queue."""
        answer = self.place.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(COUNTS))
        found = answer.get("Attributes", {})
        visible, in_flight, delayed = (int(found.get(name, 0)) for name in COUNTS)
        return visible, in_flight, delayed

    def unrouted(self) -> int:
        """Messages that no service wanted."""
        url = self.place.sqs.get_queue_url(QueueName=self.place.name("unrouted.fifo"))["QueueUrl"]
        return sum(self.counts(url))

    def newest(self, namespace: str, metric: str, stat: str, **dimensions: str) -> float | None:
        """The newest value of a metric in the last quarter of an hour; None if there is none."""
        now = datetime.now(UTC)
        query: Any = {
            "Id": "newest",
            "MetricStat": {
                "Metric": {
                    "Namespace": namespace,
                    "MetricName": metric,
                    "Dimensions": [{"Name": n, "Value": v} for n, v in dimensions.items()],
                },
                "Period": 60,
                "Stat": stat,
            },
        }
        answer = self.place.metrics.get_metric_data(
            MetricDataQueries=[query], StartTime=now - timedelta(seconds=LOOK_BACK), EndTime=now
        )
        points = [
            point
            for result in answer["MetricDataResults"]
            for point in zip(result.get("Timestamps", []), result.get("Values", []), strict=True)
        ]
        return max(points)[1] if points else None

    def firing(self) -> list[Firing]:
        """The stack's alarms that are in ALARM, the longest standing first."""
        pages = self.place.metrics.get_paginator("describe_alarms").paginate(
            AlarmNamePrefix=self.place.name(""), StateValue="ALARM", AlarmTypes=["MetricAlarm"]
        )
        found = [
            Firing(
                name=alarm.get("AlarmName", ""),
                means=alarm.get("AlarmDescription", ""),
                since=alarm["StateUpdatedTimestamp"].astimezone(UTC).isoformat(timespec="seconds")
                if "StateUpdatedTimestamp" in alarm
                else "",
            )
            for page in pages
            for alarm in page.get("MetricAlarms", [])
        ]
        return sorted(found, key=lambda alarm: alarm.since)

    def mapping(self, service: Managed) -> tuple[str, int | None]:
        """State and concurrency of the subscription's mapping."""
        found = self.place.functions.get_event_source_mapping(UUID=service.mapping)
        limit = found.get("ScalingConfig", {}).get("MaximumConcurrency")
        return found.get("State", "?"), limit


def _listed(text: str, place: Place) -> dict[str, Managed]:
    try:
        services = msgspec.json.decode(text, type=ManagedFunctions).each()
    except msgspec.DecodeError as error:
        what = f"MANAGED_FUNCTIONS of the manager of {place.stack}"
        raise ControlError(f"{what} is no list of services: {error}") from None
    return {one.service: one for one in services}
