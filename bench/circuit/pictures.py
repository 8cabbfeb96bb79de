"""Calls, receives and backlog over time, and recovery from the bank's healing on, as pictures."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.circuit.bank_faults import BEFORE, OUTAGES
from bench.circuit.marks.judged import Judged, Ran
from bench.pictures import chart
from bench.simulator.case import Sample

KINDS: dict[str, tuple[str, str, Callable[[Sample], float], bool]] = {
    "calls": ("calls to the broken bank so far", "calls", lambda one: one.failed_calls, True),
    "receives": ("receives burned so far", "receives", lambda one: one.burned, True),
    "backlog": ("messages in the queue", "messages", lambda one: one.backlog, False),
}
"""What is drawn, its unit, and whether by its power of ten."""

Watched = Mapping[str, Sequence[Sample]]


def draw(ran: Ran, folder: Path) -> list[Path]:
    """One picture for each kind and each outage that was watched; their paths."""
    judged = Judged(ran)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, length in OUTAGES.items():
        found = [(job, result) for job, result in judged.of("grid", None, name) if job.case.watch]
        if not found:
            continue
        watched = {job.system: result.samples for job, result in found}
        case = found[0][0].case
        situation = f"{case.messages:,} messages, {case.workers} workers, outage of {name}"
        pictures = {
            **_over_time(watched, situation, length),
            "recovery": _recovery(watched, situation, BEFORE + length),
        }
        for kind, picture in pictures.items():
            path = folder / f"circuit-{kind}-{name.replace(' ', '-')}.svg"
            path.write_text(picture)
            written.append(path)
    return written


def _over_time(watched: Watched, situation: str, length: float) -> dict[str, str]:
    """By kind."""
    unit, seconds = _unit(length)
    broken = (BEFORE / seconds, (BEFORE + length) / seconds, "the bank is broken")
    return {
        kind: chart(
            f"{what}: {situation}",
            f"{unit} since the start",
            y_unit,
            {
                system: [(one.at / seconds, read(one)) for one in samples]
                for system, samples in watched.items()
            },
            logarithmic=logarithmic,
            band=broken,
        )
        for kind, (what, y_unit, read, logarithmic) in KINDS.items()
    }


def _recovery(watched: Watched, situation: str, healed_at: float) -> str:
    """However long the outage was, what follows it takes minutes."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for system, samples in watched.items():
        after = [one for one in samples if one.at >= healed_at]
        before = after[0].completed if after else 0
        lines[system] = [((one.at - healed_at) / 60, one.completed - before) for one in after]
    return chart(
        f"completed once the bank is well: {situation}",
        "minutes since the bank is well again",
        "messages",
        lines,
    )


def _unit(length: float) -> tuple[str, float]:
    for name, seconds in (("days", 86_400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if length >= seconds:
            return name, seconds
    return "seconds", 1.0
