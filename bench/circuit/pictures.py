"""Calls, receives, backlog and recovery over time, as pictures."""

from collections.abc import Callable
from pathlib import Path

from bench.circuit.cases import BEFORE, OUTAGES
from bench.circuit.marks.judged import Judged, Ran
from bench.pictures import chart
from bench.simulator.case import Sample

KINDS: dict[str, tuple[str, Callable[[Sample], float], bool]] = {
    "calls": ("calls to the broken bank", lambda one: one.failed_calls, True),
    "receives": ("receives burned", lambda one: one.burned, True),
    "backlog": ("messages in the queue", lambda one: one.backlog, False),
    "recovery": ("messages completed", lambda one: one.completed, False),
}


def draw(ran: Ran, folder: Path) -> list[Path]:
    """One picture for each kind and each outage that was watched; their paths."""
    judged = Judged(ran)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, length in OUTAGES.items():
        watched = {
            job.system: result.samples
            for job, result in judged.of("grid", None, name)
            if job.case.watch
        }
        if not watched:
            continue
        unit, seconds = _unit(length)
        for kind, (what, read, logarithmic) in KINDS.items():
            lines = {
                system: [(one.at / seconds, read(one)) for one in samples]
                for system, samples in watched.items()
            }
            picture = chart(
                f"outage of {name}",
                unit,
                what,
                lines,
                logarithmic=logarithmic,
                band=(BEFORE / seconds, (BEFORE + length) / seconds),
            )
            path = folder / f"circuit-{kind}-{name.replace(' ', '-')}.svg"
            path.write_text(picture)
            written.append(path)
    return written


def _unit(length: float) -> tuple[str, float]:
    for name, seconds in (("days", 86_400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if length >= seconds:
            return name, seconds
    return "seconds", 1.0
