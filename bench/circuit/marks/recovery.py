"""How soon a service is back once its fault has ended."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import median

from bench.circuit.job import POWERTOOLS, Job
from bench.circuit.marks.judged import PART, SCHEDULE, Judged, heals
from bench.rows import OURS, Row
from bench.simulator.case import Result
from bench.simulator.stack import stack

NEARLY = 2.0
"""Seconds for the probe's own call and the publishes on the way."""

MARK = "cool-down + 2 min + mapping's delay, closed a ramp later, in every {}"


def recovery(judged: Judged) -> Iterator[Row]:
    """By seed, beside Powertools; then ours in everything else that heals."""
    for labels, found in groupby(judged.of("recovery"), key=lambda one: one[0].labels):
        ran = list(found)
        workers, rate = labels
        yield _row(
            f"recovery, {workers} warm workers, messages/s: {rate}",
            {
                system: _recovered([result for job, result in ran if job.system == system])
                for system in (OURS, POWERTOOLS)
            },
            MARK.format("seed"),
            [text for job, result in ran if job.system == OURS for text in _late(job, result)],
        )
    parts = ("grid", "ranges", "neighbour", "unknown", "faults of ours", "deaths", "beyond")
    others = [
        (job, result) for part in parts for job, result in judged.of(part, OURS) if heals(job.case)
    ]
    yield _row(
        f"recovery in the {len(others)} other cases with a fault that ends",
        {OURS: _recovered([result for _, result in others])},
        MARK.format("case"),
        [text for job, result in others for text in _late(job, result)],
    )


def _row(what: str, figures: dict[str, str], mark: str, late: list[str]) -> Row:
    return Row(
        part=PART,
        what=what,
        figures=figures,
        mark=mark,
        held=not late,
        note="; ".join(late[:3]),
    )


def _recovered(results: Sequence[Result]) -> str:
    closed = [result.closed for result in results if result.closed is not None]
    within = sum(seconds <= 1800 for seconds in closed)  # noqa: PLR2004 - the half hour of the rival's own figure
    middle = f", median {median(closed):.0f} s" if closed else ""
    return f"{within} of {len(results)} closed in 30 min{middle}"


def _late(job: Job, result: Result) -> Iterator[str]:
    """How a result misses the time of recovery."""
    first = result.longest_cool_down + SCHEDULE + job.case.mapping_delay[1] + NEARLY
    last = first + stack(job.case.stack).rules.ramp
    name = f"{job.case.name}, seed {job.case.seed}"
    if result.first_done is not None and result.first_done > first:
        yield f"{name}: first after {result.first_done:.0f} s > {first:.0f}"
    if result.closed is None:
        yield f"{name}: never closed"
    elif result.closed > last:
        yield f"{name}: closed after {result.closed:.0f} s > {last:.0f}"
