"""The demo in a short form: the same code, fewer acts, and other bank details in each run."""

import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from local.emulator.record import denied, read
from local.privilege.search import found_in
from local.scenario.demo import Demo
from local.scenario.lines import Act, read_lines
from local.scenario.report import Report
from tests.bank_details import Details

ACTS: tuple[Act, ...] = ("steady", "outage", "finish")


@pytest.fixture(scope="module")
def details() -> Details:
    return Details()


@pytest.fixture(scope="module")
def terminal() -> io.StringIO:
    return io.StringIO()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, details: Details, terminal: io.StringIO) -> Demo:
    file = details.scenario(tmp_path_factory.mktemp("scenario"))
    return Demo(
        directory=tmp_path_factory.mktemp("demo") / "demo",
        started=time.time(),
        console=Console(file=terminal),
        acts=ACTS,
        file=file,
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
    assert denied(read((demo.directory / "emulator" / "record.jsonl").read_bytes())) == []


def test_the_time_scale_is_named(written: dict[str, Any]) -> None:
    assert set(written["scale"]) == {"turn", "cool-down", "ramp"}


# Data


def everywhere(demo: Demo, terminal: io.StringIO) -> tuple[dict[str, str], Path]:
    """What the terminal showed, and the folder of the report and of all that the system wrote."""
    return {"terminal": terminal.getvalue()}, demo.report_file.parent


def test_no_bank_detail_is_in_anything_that_a_demo_leaves_behind(
    demo: Demo, report: Report, details: Details, terminal: io.StringIO
) -> None:
    texts, folder = everywhere(demo, terminal)

    assert report.findings == []
    assert len(details.drawn) > 100
    assert "completed" in texts["terminal"]
    assert {"report.json", "record.jsonl"} <= {file.name for file in folder.rglob("*")}
    assert found_in(details.drawn.values(), texts, folder) == []


def test_a_bank_detail_that_is_planted_there_is_found(
    demo: Demo, report: Report, details: Details, terminal: io.StringIO
) -> None:
    assert report
    texts, folder = everywhere(demo, terminal)
    shown, logged, *_ = details.drawn.values()
    planted = demo.directory / "functions" / "planted.log"
    planted.write_text(f'{{"detail": "{logged}"}}')
    try:
        texts["terminal"] += f"to {shown}"
        found = found_in(details.drawn.values(), texts, folder)
    finally:
        planted.unlink()

    assert {place for place, _ in found} == {"terminal", "demo/functions/planted.log"}
