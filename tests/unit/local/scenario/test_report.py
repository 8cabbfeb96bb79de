import io
import json
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from local.scenario.checks import Counts, Finding, Verdict
from local.scenario.measure import Cost
from local.scenario.report import Report, Run, make_report, show, write

COUNTS = Counts(
    sent=10,
    completed=4,
    rejected=2,
    dead_lettered=1,
    unrouted=1,
    duplicates_suppressed=1,
    lost=1,
    double_charges=0,
    order_violations=0,
)
LOST = Finding(kind="lost", line=7, message_id="tx-7", text="lost: it had to end completed")
OUTAGE = Cost(
    name="first",
    ended_by="itself",
    outage_s=1.5,
    detection_s=0.02,
    calls_to_broken_bank=3,
    receives_burned=28,
    waiting=80,
    first_booking_s=0.5,
    closed_s=None,
)


def report(*findings: Finding, trouble: tuple[str, ...] = ()) -> Report:
    run = Run(
        verdict=Verdict(counts=COUNTS, findings=list(findings)),
        trouble=list(trouble),
        outages=[OUTAGE],
        first_payment_s=4.5,
        sending_s=4.0,
    )
    return make_report(run, wall_s=12.345)


def shown(shown_report: Report) -> str:
    text = io.StringIO()
    show(shown_report, Console(file=text, width=120))
    return text.getvalue()


def test_the_throughput_is_what_was_sent_over_the_time_of_sending() -> None:
    assert report().per_second == 2.5


def test_what_was_not_seen_of_the_story_stands_before_the_differences_of_the_checks() -> None:
    assert report(LOST, trouble=("not seen",)).findings == ["not seen", str(LOST)]


@pytest.mark.parametrize(
    "text",
    [
        "line 7 (tx-7): lost: it had to end completed",
        "1 differences",
        "duplicates suppressed",
        "turn 1 s here, 60 s in production",
        "calls to the broken bank",
        "not seen",
    ],
)
def test_the_report_for_people_says(text: str) -> None:
    assert text in shown(report(LOST))


def test_a_run_without_differences_says_that_all_is_well() -> None:
    assert "every transaction ended as its line says" in shown(report())


def test_the_report_for_programs_has_every_count(tmp_path: Path) -> None:
    write(report(LOST), tmp_path / "new" / "report.json")
    written = json.loads((tmp_path / "new" / "report.json").read_text())
    assert msgspec.structs.asdict(COUNTS).items() <= written.items()
    assert (written["first_payment_s"], written["wall_s"]) == (4.5, 12.35)
