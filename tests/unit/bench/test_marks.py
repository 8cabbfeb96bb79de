"""The marks of the circuit's table: each holds of a run without fault, and one fault misses it."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from bench.circuit.bank_faults import (
    BEFORE,
    beyond_retention,
    grid,
    neighbours,
    recovery,
    strays,
    unknown,
)
from bench.circuit.gate_cost import Cost
from bench.circuit.job import SYSTEMS, Job
from bench.circuit.marks import cost, faults, safety
from bench.circuit.marks.judged import Judged
from bench.circuit.marks.recovery import recovery as back_in_time
from bench.circuit.own_faults import deaths, faults_of_ours
from bench.rows import OURS, Row
from bench.simulator.case import DAY, Result

Marks = Callable[[Judged], Iterable[Row]]
Change = Callable[[Job, Result], None]

PATIENCE = 60.0


def clean(job: Job) -> Result:
    """What a run without any fault would give."""
    result = Result(system=job.system, case=job.case.name, sent=job.case.messages)
    result.completed = job.case.messages - len(job.case.bad)
    result.bad_dead = len(job.case.bad)
    result.neighbour_rate = 20.0
    result.first_done, result.closed = PATIENCE, 2 * PATIENCE
    causes = {
        "defect in every worker": "defect",
        "rotated key": "misconfigured",
        "an image that does not start, for an hour": "alarm",
    }
    if job.labels[0] in causes:
        result.events[f"cause_{causes[job.labels[0]]}"] = 1
    result.events |= {"gate_reads": 1, "hasty_reads": 0}
    if job.part == "beyond":
        result.first_expired = BEFORE + 14 * DAY
        result.events["alarmed_at"] = result.first_expired - 3 * DAY
    return result


def judged(jobs: Iterable[Job], change: Change | None = None) -> Judged:
    ran = [(job, clean(job)) for job in jobs]
    if change is not None:
        ours = next((job, result) for job, result in ran if job.system == OURS)
        change(*ours)
    return Judged(ran)


def fails(name: str, value: object) -> Change:
    return lambda _, result: setattr(result, name, value)


def says(name: str, value: float) -> Change:
    return lambda _, result: result.events.update({name: value})


def quick(part: Callable[[str], Iterable[Job]]) -> list[Job]:
    return list(part("quick"))


def of(part: Callable[[str], Iterable[Job]], name: str) -> list[Job]:
    return [job for job in part("quick") if job.labels[0] == name]


GRID, RECOVERY = quick(grid), quick(recovery)
POISON = of(faults_of_ours, "our code breaks on it")
IMAGE = of(deaths, "an image that does not start, for an hour")
SILENT = [job for job in unknown("quick") if job.labels == ("cannot be asked",)]
STRAYS = [job for job in strays("quick") if job.labels[0] == "prod"]

CASES: list[tuple[Marks, list[Job], Change]] = [
    (safety.nothing_lost, GRID, fails("lost", 1)),
    (safety.nothing_lost, GRID, fails("expired", 1)),
    (safety.nothing_lost, GRID, fails("waiting", 1)),
    (safety.nothing_lost, GRID, fails("double", 1)),
    (safety.nothing_lost, GRID, fails("disordered", 1)),
    (safety.nothing_lost, GRID, fails("good_dead", 1)),
    (safety.beyond_retention, list(beyond_retention()), says("alarmed_at", BEFORE + 11.1 * DAY)),
    (safety.outcome_unknown, list(unknown("quick")), fails("unknown", 1)),
    (cost.neighbour, list(neighbours()), fails("neighbour_rate", 19.99)),
    (cost.calls, GRID, fails("failed_calls", 6)),
    (cost.calls, GRID, says("closed>open", 2)),
    (back_in_time, GRID + RECOVERY, fails("closed", None)),
    (back_in_time, GRID + RECOVERY, fails("first_done", 153.0)),
    (back_in_time, GRID + RECOVERY, fails("closed", 213.0)),
    (faults.faults_of_ours, POISON, fails("unexplained", 1)),
    (faults.faults_of_ours, POISON, fails("good_dead", 1)),
    (faults.faults_of_ours, POISON, fails("bad_dead", 0)),
    (faults.faults_of_ours, POISON, says("closed>open", 2)),
    (faults.deaths, IMAGE, says("cause_unavailable", 1)),
    (faults.deaths, IMAGE, fails("good_dead", 1)),
    (cost.gate, STRAYS, says("hasty_reads", 1)),
]


@pytest.fixture(autouse=True)
def _a_gate_within_its_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time of this machine decides a test."""
    monkeypatch.setattr(cost, "gate_cost", lambda: Cost(batch=0.000_1, read=0.000_8))


@pytest.mark.parametrize(("marks", "jobs", "change"), CASES)
def test_a_mark_holds_without_a_fault_and_one_fault_misses_it(
    marks: Marks, jobs: list[Job], change: Change
) -> None:
    assert all(row.held is not False for row in marks(judged(jobs)))
    assert [row.held for row in marks(judged(jobs, change))].count(False) == 1


@pytest.mark.parametrize(("read", "held"), [(0.000_89, True), (0.000_91, False)])
def test_a_batch_that_reads_the_state_takes_the_gate_less_than_a_millisecond(
    monkeypatch: pytest.MonkeyPatch, read: float, *, held: bool
) -> None:
    monkeypatch.setattr(cost, "gate_cost", lambda: Cost(batch=0.000_1, read=read))

    _, cpu = cost.gate(judged(STRAYS))

    assert cpu.held is held


def test_strays_may_cost_one_in_a_hundred_and_no_more() -> None:
    def at(share: float) -> list[bool | None]:
        found = judged(STRAYS)
        for job, result in found.of("strays", OURS, "prod", "1.0%"):
            result.completed = round(job.case.messages * (1 - share))
        return [row.held for row in cost.strays(found)]

    assert at(0.009) == [True, True]
    assert at(0.011) == [True, False]


def test_what_is_unknown_was_in_flight_or_is_a_probes() -> None:
    def at(unknown: int) -> bool | None:
        def change(_: Job, result: Result) -> None:
            result.in_flight, result.unknown = 2, unknown
            result.events["probes_unwell"] = 3

        _, cannot = safety.outcome_unknown(judged(SILENT, change))
        return cannot.held

    assert at(6) is True
    assert at(7) is False


@pytest.mark.parametrize(("stack", "needed"), [("dev", 1), ("prod", 5)])
def test_calls_are_what_the_rule_needs_and_what_could_not_know(stack: str, needed: int) -> None:
    job = replace(GRID[0], case=replace(GRID[0].case, stack=stack, workers=50))
    result = clean(job)
    result.in_flight = 7
    result.events |= {"probes_unwell": 4, "half_open>open": 3}

    assert cost.allowed_calls(job, result) == needed + 7 + 49 + 4 + 2 * 3


def test_every_system_stands_beside_ours_in_the_grid() -> None:
    assert {job.system for job in GRID} == set(SYSTEMS)
