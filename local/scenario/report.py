"""The report of a run: a table for people, a file for programs."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from local.configuration import read_configuration
from local.project import PROJECT, ROOT, STACK
from local.scenario.checks import Verdict
from local.scenario.measure import Cost


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All of a run; times are seconds.

    Attributes:
        first_payment_s: from the start of the command to the first booked payment.
        sending_s: from the first transaction sent to the last one ended.
        per_second: transactions ended in a second, over `sending_s`.
        scale: settings of time here, and what they are in production.
        findings: every difference from what had to happen, as text.
    """

    sent: int
    completed: int
    rejected: int
    dead_lettered: int
    unrouted: int
    duplicates_suppressed: int
    lost: int
    double_charges: int
    order_violations: int
    first_payment_s: float | None
    wall_s: float
    sending_s: float
    per_second: float
    scale: dict[str, str]
    outages: list[Cost]
    findings: list[str]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What a run gave, before the system was stopped; times as in Report.

    Attributes:
        trouble: what belongs to the story and was not seen.
    """

    verdict: Verdict
    trouble: list[str]
    outages: list[Cost]
    first_payment_s: float | None
    sending_s: float


def make_report(run: Run, *, wall_s: float) -> Report:
    """Put a report together."""
    counts = run.verdict.counts
    return Report(
        **msgspec.structs.asdict(counts),
        first_payment_s=run.first_payment_s,
        wall_s=round(wall_s, 2),
        sending_s=round(run.sending_s, 2),
        per_second=round(counts.sent / run.sending_s, 1),
        scale=time_scale(),
        outages=run.outages,
        findings=[*run.trouble, *(str(finding) for finding in run.verdict.findings)],
    )


def time_scale() -> dict[str, str]:
    """How long the circuit's times are here, and in production."""
    here, production = (read_configuration(ROOT, stack).values for stack in (STACK, "prod"))
    keys = {"turn": "turn", "coolDown": "cool-down", "ramp": "ramp"}
    return {
        name: f"{here[f'{PROJECT}:{key}']} s here, {production[f'{PROJECT}:{key}']} s in production"
        for key, name in keys.items()
    }


def write(report: Report, path: Path) -> None:
    """Write the report for programs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")


def show(report: Report, console: Console) -> None:
    """Print the report for people."""
    console.print(_ends(report))
    if report.outages:
        console.print(_outages(report.outages))
    scale = "; ".join(f"{name} {times}" for name, times in report.scale.items())
    console.print(f"Time scale: {scale}.", style="dim")
    for finding in report.findings:
        console.print(f"[bold red]differs[/]  {escape(finding)}")
    verdict = f"[bold red]{len(report.findings)} differences[/]"
    if not report.findings:
        verdict = "[bold green]every transaction ended as its line says[/]"
    console.print(verdict)


def _ends(report: Report) -> Table:
    table = Table(title="What became of the transactions")
    table.add_column("")
    table.add_column("", justify="right")
    for name, value in _rows(report):
        table.add_row(name, value)
    return table


def _rows(report: Report) -> Iterator[tuple[str, str]]:
    yield "sent", str(report.sent)
    yield "completed", str(report.completed)
    yield "rejected", str(report.rejected)
    yield "dead-lettered", str(report.dead_lettered)
    yield "unrouted", str(report.unrouted)
    yield "duplicates suppressed", str(report.duplicates_suppressed)
    yield "lost", str(report.lost)
    yield "double charges", str(report.double_charges)
    yield "order violations", str(report.order_violations)
    yield "first payment", _seconds(report.first_payment_s)
    yield "sending, outages, drain", f"{report.sending_s:.1f} s, {report.per_second:.1f}/s"
    yield "whole run", _seconds(report.wall_s)


def _outages(outages: Sequence[Cost]) -> Table:
    table = Table(title="What the outages cost")
    table.add_column("", no_wrap=True)
    for outage in outages:
        table.add_column(outage.name, justify="right")
    rows: dict[str, Callable[[Cost], str]] = {
        "ended by": lambda cost: cost.ended_by,
        "lasted": lambda cost: _seconds(cost.outage_s),
        "detected after": lambda cost: _seconds(cost.detection_s),
        "calls to the broken bank": lambda cost: str(cost.calls_to_broken_bank),
        "receives burned": lambda cost: str(cost.receives_burned),
        "waiting when it healed": lambda cost: str(cost.waiting),
        "next booking after healing": lambda cost: _seconds(cost.first_booking_s),
        "closed after healing": lambda cost: _seconds(cost.closed_s),
    }
    for name, value in rows.items():
        table.add_row(name, *(value(outage) for outage in outages))
    return table


def _seconds(value: float | None) -> str:
    return "not seen" if value is None else f"{value:.2f} s"
