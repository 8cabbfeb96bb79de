"""An outage from start to end, told from logs, metrics and alarms alone."""

import json
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from components.queries import CUSTOMER, MESSAGE, QUERIES, Query
from handlers.common.circuit.events import Verdict
from handlers.common.worker.ends import METRICS as ENDS
from local.access import Access, State
from local.bank.faults import Fault
from local.insights import answer
from tests.emulated_account import eventually

PREFIX = "utility-customer-system-local"
PAYMENTS, MANAGER = "payment-processing", "subscription-manager"
METRICS = "UtilityCustomerSystem"
OURS = {"service": PAYMENTS, "environment": "local"}

PROBES = {f"Probe{verdict.value.capitalize()}" for verdict in Verdict}
NOT_MET = {*PROBES, *ENDS.values()} - {"ProbeWell", "ProbeUnwell", "Completed", "Rejected"}
"""Ends and verdicts that this run does not come to; their names are the workers' own."""

GUIDE = Path(__file__).parents[3] / "docs" / "operations.md"
UNITS = {"count": "Count", "none": "None", "s": "Seconds", "ms": "Milliseconds"}


def pay(access: Access, customer: str, message: str, amount: str = "20.00") -> None:
    payment = {
        "message_id": message,
        "customer_id": customer,
        "transaction_type": "payment",
        "amount": amount,
        "payment_method": "card",
    }
    access.sns.publish(
        TopicArn=access.outputs.transaction_topic_arn,
        Message=json.dumps(payment),
        MessageGroupId=customer,
        MessageDeduplicationId=f"{message}-{time.monotonic()}",
        MessageAttributes={"transaction_type": {"DataType": "String", "StringValue": "payment"}},
    )


def command(access: Access, action: str) -> None:
    access.sns.publish(
        TopicArn=access.outputs.control_topic_arn,
        Message=json.dumps({"action": action, "service": PAYMENTS}),
    )


def set_up_account(access: Access, customer: str) -> None:
    account = {
        "message_id": f"set-{customer}",
        "customer_id": customer,
        "transaction_type": "bank_account_setup",
        "routing_number": "021000021",
        "account_number": "987654321",
    }
    access.sns.publish(
        TopicArn=access.outputs.transaction_topic_arn,
        Message=json.dumps(account),
        MessageGroupId=customer,
        MessageDeduplicationId=f"set-{customer}",
        MessageAttributes={
            "transaction_type": {"DataType": "String", "StringValue": "bank_account_setup"}
        },
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


@pytest.fixture(scope="module")
def told(running: State) -> Told:
    """The system after an outage: ten customers paid while the bank was broken."""
    access = running.access()
    # Another file's outage may still be going: its long cool-down would be this one's first.
    eventually(lambda: closed(access), seconds=60)
    redirect = Fault(kind="fail", status=302, operation="bank-accounts", calls=1)
    access.bank.break_with(redirect)
    set_up_account(access, "told-0")
    pay(access, "told-before", "told-before-1")
    pay(access, "told-invalid", "told-invalid-1", "-5")
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


def test_the_logs_tell_who_waited_and_that_everybody_was_served_once(told: Told) -> None:
    for number in range(1, 10):
        events = [row["event"] for row in told.journey(f"told-{number}")]
        assert events.count("completed") == 1
    deferred = [r for n in range(10) for r in told.journey(f"told-{n}") if r["event"] == "deferred"]
    assert deferred
    assert PAYMENTS in {row["service"] for row in deferred}


def test_the_logs_tell_when_and_why_the_circuit_opened_and_what_the_probes_found(
    told: Told,
) -> None:
    assert any(row["cause"] == "unavailable" for row in told.query("trips"))
    verdicts = [row.get("verdict") for row in told.query("manager") if row["message"] == "probed"]
    assert verdicts[0] in {"well", "empty"}


def test_the_customers_query_gives_each_event_of_that_customer_and_no_others(told: Told) -> None:
    written = [
        json.loads(text)
        for service in told.access.outputs.services
        for _, text in told.lines[service]
        if '"event"' in text
    ]
    for customer in ("told-0", "told-1", "told-invalid"):
        own = [one["event"] for one in written if one.get("customer_id") == customer]
        assert own
        assert sorted(row["event"] for row in told.journey(customer)) == sorted(own)


def test_each_query_gives_exactly_what_it_is_asked_for(told: Told) -> None:
    one = told.query("message", **{MESSAGE: "told-3-1"})
    assert {row["customer_id"] for row in one} == {"told-3"}
    assert [row["event"] for row in one][-1] == "completed"
    failed = {row["message_id"]: row["code"] for row in told.query("not-completed")}
    assert failed["told-invalid-1"] == "invalid_message"
    assert "told-3-1" not in failed
    everybody = {f"told-{n}" for n in range(10)}
    assert not everybody & {r.get("customer_id") for r in told.query("not-completed")}


def test_the_metrics_tell_how_bad_it_was_and_how_long_it_took(told: Told) -> None:
    def most(metric: str) -> float:
        return max(values(told.access, METRICS, metric, **OURS), default=0)

    assert most("CircuitState") >= 2
    assert most("BankStatus5xx") >= 1
    assert most("ReceivesBurned") >= 1
    assert 0 < most("RecoveryTime") < 600
    assert most("Completed") >= 1


def test_the_alarm_on_the_circuit_ends_and_the_one_on_dead_letters_stays(told: Told) -> None:
    assert alarm(told.access, "bank-account-setup-dead-letters") == "OK"
    eventually(lambda: alarm(told.access, f"{PAYMENTS}-dead-letters") == "ALARM", seconds=20)
    history = told.access.metrics.describe_alarm_history(
        AlarmName=f"{PREFIX}-{PAYMENTS}-circuit", HistoryItemType="StateUpdate"
    )["AlarmHistoryItems"]
    assert any("to ALARM" in item.get("HistorySummary", "") for item in history)


def named(access: Access) -> set[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """Every metric that an alarm or a widget of the running system names."""
    found = set[tuple[str, str, tuple[tuple[str, str], ...]]]()
    body = access.metrics.get_dashboard(DashboardName=PREFIX)["DashboardBody"]
    for widget in json.loads(body)["widgets"]:
        for listed in widget["properties"].get("metrics", ()):
            namespace, metric, *pairs = (part for part in listed if isinstance(part, str))
            dimensions = tuple(zip(pairs[::2], pairs[1::2], strict=True))
            found.add((namespace, metric, dimensions))
    for page in access.metrics.get_paginator("describe_alarms").paginate():
        for one in page["MetricAlarms"]:
            metrics: list[Any] = [
                q["MetricStat"]["Metric"] for q in one.get("Metrics", []) if "MetricStat" in q
            ] or [one]
            for metric in metrics:
                pairs = tuple((d["Name"], d["Value"]) for d in metric["Dimensions"])
                found.add((metric["Namespace"], metric["MetricName"], pairs))
    return found


def in_every_services_name(access: Access, dimensions: dict[str, str]) -> list[dict[str, str]]:
    """These dimensions, and if they name a service, the same with each other service in its place.

    What one service did not meet in this run, another may have.
    """
    services = access.outputs.services
    own = next((s for s in services if {s, f"{PREFIX}-{s}"} & {*dimensions.values()}), None)
    if own is None:
        return [dimensions]
    return [{key: v.replace(own, s) for key, v in dimensions.items()} for s in services]


def test_every_metric_that_an_alarm_or_widget_names_has_data(told: Told) -> None:
    def measured(namespace: str, metric: str, dimensions: dict[str, str]) -> bool:
        return any(
            values(told.access, namespace, metric, **alike)
            for alike in in_every_services_name(told.access, dimensions)
        )

    silent = {
        f"{metric} {dict(dimensions)}"
        for namespace, metric, dimensions in named(told.access)
        if metric not in NOT_MET and not measured(namespace, metric, dict(dimensions))
    }
    assert silent == set()


def in_the_guide() -> dict[str, str]:
    """The unit of each metric of ours, as the guide's table has it."""
    text = GUIDE.read_text()
    table = text[text.index("## Metrics") : text.index("AWS's own, by ")]
    rows = re.findall(r"^\| (`.+`) \| (\w+) \|", table, re.MULTILINE)
    return {name: UNITS[unit] for names, unit in rows for name in re.findall(r"`(\w+)`", names)}


def written(told: Told) -> dict[str, str]:
    """The unit of each metric that a function wrote into its log."""
    documents = [
        json.loads(text) for lines in told.lines.values() for _, text in lines if '"_aws"' in text
    ]
    return {
        metric["Name"]: metric["Unit"]
        for document in documents
        for part in document["_aws"]["CloudWatchMetrics"]
        for metric in part["Metrics"]
    }


def test_the_guide_has_every_metric_that_is_written_with_its_unit_and_no_other(told: Told) -> None:
    guide, found = in_the_guide(), written(told)
    assert found.items() <= guide.items()
    assert guide.keys() - found.keys() <= NOT_MET
