"""An outage of the bank, played on the local system, and what is told of it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from components.queries import CUSTOMER, QUERIES, Query
from local.access import Access
from local.bank.faults import Fault
from local.insights import answer
from tests.emulated_account import eventually
from tests.integration.control.transactions import pay, set_up_account

PREFIX = "utility-customer-system-local"
PAYMENTS, MANAGER = "payment-processing", "subscription-manager"
METRICS = "UtilityCustomerSystem"
OURS = {"service": PAYMENTS, "environment": "local"}


def command(access: Access, action: str) -> None:
    access.sns.publish(
        TopicArn=access.outputs.control_topic_arn,
        Message=json.dumps({"action": action, "service": PAYMENTS}),
    )


def lines(access: Access, service: str) -> list[tuple[int, str]]:
    logs: Any = access.emulator.session().client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=f"/aws/lambda/{PREFIX}-{service}"
    )
    return [(e["timestamp"], e["message"]) for page in pages for e in page["events"]]


@dataclass(frozen=True, kw_only=True)
class Told:
    """A system, and what its logs said when the outage was over."""

    access: Access
    lines: dict[str, list[tuple[int, str]]]

    def query(self, name: str, **given: str) -> list[dict[str, Any]]:
        """What a saved query gives, with these ids typed into it."""
        found: Query = next(one for one in QUERIES if one.name == name)
        text = found.text
        for place, value in given.items():
            text = text.replace(place, value)
        services = [MANAGER] if found.of_manager else self.access.outputs.services
        return answer(text, [line for service in services for line in self.lines[service]])

    def journey(self, customer: str) -> list[dict[str, Any]]:
        """A customer's events."""
        return self.query("customer", **{CUSTOMER: customer})

    def completed(self, *customers: str) -> bool:
        """Whether each of them has a completed transaction."""
        return all(any(e["event"] == "completed" for e in self.journey(c)) for c in customers)


def heard(access: Access) -> Told:
    services = [*access.outputs.services, MANAGER]
    return Told(access=access, lines={service: lines(access, service) for service in services})


def values(access: Access, namespace: str, metric: str, **dimensions: str) -> list[float]:
    now = datetime.now(UTC)
    asked: Any = {
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": [{"Name": n, "Value": v} for n, v in dimensions.items()],
    }
    (result,) = access.metrics.get_metric_data(
        MetricDataQueries=[
            {"Id": "asked", "MetricStat": {"Metric": asked, "Period": 60, "Stat": "Maximum"}}
        ],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=1),
    )["MetricDataResults"]
    return result.get("Values", [])


def alarm(access: Access, name: str) -> str:
    (found,) = access.metrics.describe_alarms(AlarmNames=[f"{PREFIX}-{name}"])["MetricAlarms"]
    return found.get("StateValue", "")


def closed(access: Access) -> bool:
    states = [
        access.dynamodb.get_item(
            TableName=access.outputs.circuit_table,
            Key={"service": {"S": service}, "record": {"S": "state"}},
        )
        .get("Item", {})
        .get("state", {"S": "closed"})
        for service in access.outputs.services
    ]
    return all(state == {"S": "closed"} for state in states)


def play(access: Access) -> Told:
    """The system after an outage: ten customers paid while the bank was broken."""
    # Another file's outage may still be going: its long cool-down would be this one's first.
    eventually(lambda: closed(access), seconds=60)
    redirect = Fault(kind="fail", status=302, operation="bank-accounts", calls=1)
    access.bank.break_with(redirect)
    set_up_account(access, "told-0")
    pay(access, "told-before", "told-before-1")
    pay(access, "told-invalid", "told-invalid-1", amount="-5")
    pay(access, "told-ERROR400", "told-refused-1")
    pay(access, "told-before", "told-before-1")
    command(access, "no-such-action")
    access.sns.publish(
        TopicArn=access.outputs.transaction_topic_arn,
        Message="{}",
        MessageGroupId="nobody",
        MessageDeduplicationId="no-attributes",
    )
    eventually(lambda: heard(access).completed("told-before", "told-0"), seconds=40)
    access.bank.break_with(Fault(kind="fail", status=503))
    for number in range(10):
        pay(access, f"told-{number}", f"told-{number}-1")
    eventually(lambda: alarm(access, f"{PAYMENTS}-circuit") == "ALARM", seconds=40)
    eventually(lambda: values(access, METRICS, "ProbeUnwell", **OURS), seconds=40)
    access.bank.break_with(Fault(kind="refuse"))
    command(access, "probe")
    eventually(lambda: values(access, METRICS, "BankStatusNone", **OURS), seconds=40)
    access.bank.heal()
    eventually(lambda: values(access, METRICS, "RecoveryTime", **OURS), seconds=60)
    customers = [f"told-{number}" for number in range(1, 10)]
    eventually(lambda: heard(access).completed(*customers), seconds=40)
    return heard(access)
