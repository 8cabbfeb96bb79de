"""The results of one run, by part, system and labels, and what all marks measure by."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.circuit.job import SYSTEMS, Job
from bench.simulator.case import Case, Result

PART = "circuit"
SCHEDULE = 120.0
"""Seconds between two turns at most: Scheduler is precise to a minute."""

Ran = Sequence[tuple[Job, Result]]


@dataclass(frozen=True)
class Judged:
    """All results of one run."""

    ran: Ran

    def of(self, part: str, system: str | None = None, *labels: str) -> Ran:
        """Those of a part, and of a system, whose labels begin with these."""
        return [
            (job, result)
            for job, result in self.ran
            if job.part == part
            and system in (None, job.system)
            and job.labels[: len(labels)] == labels
        ]

    def side_by_side(self, part: str) -> dict[str, Ran]:
        """The cells of a part that every system ran, by system."""
        cells: dict[tuple[str, ...], dict[str, tuple[Job, Result]]] = {}
        for job, result in self.of(part):
            cells.setdefault((*job.labels, str(job.case.seed)), {})[job.system] = (job, result)
        whole = [cell for cell in cells.values() if len(cell) == len(SYSTEMS)]
        return {system: [cell[system] for cell in whole] for system in SYSTEMS}


def pauses(result: Result) -> int:
    """How often the service was paused, by whichever system."""
    counted = ("closed>open", "half_open>open", "pauses")
    return int(sum(result.events.get(name, 0) for name in counted))


def causes(result: Result) -> str:
    """Why it was paused, where the system says so."""
    named = (key.removeprefix("cause_") for key in sorted(result.events) if "cause_" in key)
    return ", ".join(named)


def heals(case: Case) -> bool:
    """Whether the case has a fault that ends."""
    manners = case.manners
    return bool(case.mended_at or manners.outages or len(manners.secrets) > 1)
