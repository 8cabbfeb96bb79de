"""One line of the table that `make bench` prints."""

from dataclasses import asdict, dataclass, field
from typing import Any

OURS = "this system"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A figure, its mark and its rivals, all of one run.

    Attributes:
        part: Which of the benchmarks it belongs to.
        what: What was measured, with its unit.
        figures: By system; ours under OURS.
        mark: What must hold; empty where the figure is only told.
        held: Whether it does; None where there is no mark or nothing could be measured here.
        note: What missed the mark, or why nothing was measured.
    """

    part: str
    what: str
    figures: dict[str, str] = field(default_factory=dict[str, str])
    mark: str = ""
    held: bool | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """In one word."""
        if not self.figures:
            return "not measured" if self.held is None else "BROKEN"
        if self.held is None:
            return ""
        return "held" if self.held else "MISSED"

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "verdict": self.verdict}


def missed(rows: list[Row]) -> list[Row]:
    """Those whose mark does not hold, and what broke while it was measured."""
    return [row for row in rows if row.held is False]


def not_measured(part: str, what: str, why: str) -> Row:
    """A line for what could not be measured here, because the machine lacks what it takes."""
    return Row(part=part, what=what, note=why)


def broken(part: str, what: str, why: str) -> Row:
    """A line for what broke: no figure is no better than one over its mark."""
    return Row(part=part, what=what, held=False, note=why)
