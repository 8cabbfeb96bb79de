"""From `make demo` to the first payment, and the whole demo."""

import subprocess
import sys
from pathlib import Path

import msgspec

from bench.rows import OURS, Row, broken, not_measured
from local.project import DIRECTORY, ROOT

PART = "the demo"
REPORT = DIRECTORY / "report.json"
FIRST_PAYMENT = 6.0
WHOLE = 60.0
"""Seconds."""


class Report(msgspec.Struct):
    """As much of the demo's report as is told here; times are seconds."""

    sent: int
    first_payment_s: float | None
    wall_s: float
    per_second: float


def measure(depth: str, folder: Path) -> list[Row]:
    """A run of its own; the quick form tells of the last one, and judges nothing by it."""
    del folder
    if depth == "quick":
        if not REPORT.exists():
            return [not_measured(PART, "first payment, whole demo", "no report: run `make demo`")]
    else:
        command = [sys.executable, "-m", "local", "demo"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)  # noqa: S603 - our own program
        if done.returncode:
            last = (done.stdout + done.stderr).strip().splitlines()[-1:]
            return [broken(PART, "first payment, whole demo", f"it failed: {last}")]
    return rows(msgspec.json.decode(REPORT.read_bytes(), type=Report), depth)


def rows(report: Report, depth: str) -> list[Row]:
    """What a run's report tells, judged by the marks unless the run was none of ours."""
    judged = depth != "quick"
    origin = "a run of its own" if judged else "the last run of make demo"
    first = report.first_payment_s
    return [
        Row(
            part=PART,
            what=f"from `make demo` to the first payment, s ({origin})",
            figures={OURS: "none" if first is None else f"{first:.1f}"},
            mark=f"at most {FIRST_PAYMENT:.0f}" if judged else "",
            held=first is not None and first <= FIRST_PAYMENT if judged else None,
        ),
        Row(
            part=PART,
            what=f"the whole demo, s, {report.sent} transactions",
            figures={OURS: f"{report.wall_s:.1f}"},
            mark=f"at most {WHOLE:.0f}" if judged else "",
            held=report.wall_s <= WHOLE if judged else None,
        ),
    ]
