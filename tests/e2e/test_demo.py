"""The demo in a short form: the same code, fewer acts."""

import json
import time
from typing import Any

import pytest
from rich.console import Console

from local.emulator.record import denied, read_file
from local.scenario.demo import Demo
from local.scenario.lines import Act, read_lines
from local.scenario.report import Report

ACTS: tuple[Act, ...] = ("steady", "outage", "finish")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return Demo(
        directory=tmp_path_factory.mktemp("demo") / "demo",
        started=time.time(),
        console=Console(quiet=True),
        acts=ACTS,
    )


@pytest.fixture(scope="module")
def report(demo: Demo) -> Report:
    return demo.run()


@pytest.fixture(scope="module")
def written(demo: Demo, report: Report) -> dict[str, Any]:
    assert report
    return json.loads(demo.report_file.read_text())


def test_every_transaction_ends_as_its_line_says(report: Report) -> None:
    assert report.findings == []


@pytest.mark.parametrize("wrong", ["lost", "double_charges", "order_violations"])
def test_nothing_is_lost_charged_twice_or_out_of_order(written: dict[str, Any], wrong: str) -> None:
    assert written[wrong] == 0


def test_the_ends_add_up_to_what_was_sent(written: dict[str, Any]) -> None:
    ends = ("completed", "rejected", "dead_lettered", "unrouted", "duplicates_suppressed", "lost")
    sent = sum(line.act in ACTS for line in read_lines())
    assert (written["sent"], sum(written[end] for end in ends)) == (sent, sent)


def test_the_report_has_its_times(written: dict[str, Any]) -> None:
    assert 0 < written["first_payment_s"] < written["wall_s"]


def test_a_message_that_breaks_the_bank_is_dead_lettered_and_the_others_are_not(
    written: dict[str, Any],
) -> None:
    assert written["dead_lettered"] == sum(
        line.expect.end == "dead_lettered" for line in read_lines() if line.act in ACTS
    )


def test_the_outage_is_detected_and_costs_few_calls(written: dict[str, Any]) -> None:
    (outage,) = written["outages"]
    assert outage["waiting"] > outage["calls_to_broken_bank"] > 0
    assert outage["detection_s"] is not None
    assert outage["closed_s"] > outage["first_booking_s"] > 0


def test_no_role_and_no_service_was_denied_anything(demo: Demo, report: Report) -> None:
    assert report
    assert denied(read_file(demo.directory / "emulator" / "record.jsonl")) == []


def test_the_time_scale_is_named(written: dict[str, Any]) -> None:
    assert set(written["scale"]) == {"turn", "cool-down", "ramp"}
