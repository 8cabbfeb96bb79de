"""An outage from start to end, told from logs, metrics and alarms alone."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from components.queries import MESSAGE
from handlers.common.circuit.events import Verdict
from handlers.common.worker.ends import METRICS as ENDS
from local.access import Access, State
from tests.emulated_account import eventually
from tests.integration.control.outage import (
    METRICS,
    OURS,
    PAYMENTS,
    PREFIX,
    Told,
    alarm,
    play,
    values,
)

PROBES = {f"Probe{verdict.value.capitalize()}" for verdict in Verdict}
NOT_MET = {*PROBES, *ENDS.values()} - {"ProbeWell", "ProbeUnwell", "Completed", "Rejected"}
"""Ends and verdicts that this run does not come to; their names are the workers' own."""

GUIDE = Path(__file__).parents[3] / "docs" / "operations.md"
UNITS = {"count": "Count", "none": "None", "s": "Seconds", "ms": "Milliseconds"}


@pytest.fixture(scope="module")
def told(running: State) -> Told:
    return play(running.access())


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
