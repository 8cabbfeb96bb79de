"""What is simulated for the circuit's table: one situation for one system."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.rows import OURS
from bench.simulator.case import Case

ORIGINAL, POWERTOOLS, PLAIN = "original", "Powertools", "plain SQS"
SYSTEMS = (OURS, ORIGINAL, POWERTOOLS, PLAIN)


@dataclass(frozen=True, kw_only=True)
class Job:
    """One case for one system, and the part of the table that it belongs to.

    Attributes:
        labels: What tells this row from the others of its part.
    """

    part: str
    system: str
    case: Case
    labels: tuple[str, ...] = ()

    @property
    def cost(self) -> float:
        """Roughly how long it takes, to start the long ones first."""
        return self.case.messages * (3 if self.system == OURS else 1) + self.case.until / 86_400


def beside(part: str, case: Case, *labels: str, systems: Sequence[str] = SYSTEMS) -> Iterator[Job]:
    """The same case for each of some systems."""
    return (Job(part=part, system=system, case=case, labels=labels) for system in systems)
