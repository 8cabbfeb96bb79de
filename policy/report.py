"""What a run of the pack found, sorted into what counts and what does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from policy.control import Control, Level
from policy.settings import Exemption

KNOWN: Final = (
    "Put ARNs together from names, which a first preview knows; or pass a role's permissions as"
    " its component's input `grants`."
)
"""What to do about a value that is not known."""


class Kind(StrEnum):
    """Why something stands in the report."""

    VIOLATED = "violated"
    UNDECIDED = "undecided"
    CRASHED = "crashed"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the report.

    Attributes:
        level: what it does to the run.
        path: the input at fault or not known, dotted; empty for the resource as a whole.
        exemption: the exemption that takes it out of the count, or that expired.
        expired: whether that exemption is over, so that the finding counts.
    """

    control: Control
    kind: Kind
    level: Level
    urn: str
    resource: str
    path: str
    found: str
    wanted: str
    exemption: Exemption | None = None
    expired: bool = False

    @property
    def fix(self) -> str:
        """What to do."""
        return KNOWN if self.kind is Kind.UNDECIDED else self.control.fix

    @property
    def exempt(self) -> bool:
        """Whether an exemption in force covers the finding."""
        return self.exemption is not None and not self.expired

    @property
    def fails(self) -> bool:
        """Whether the finding alone makes the run fail."""
        return self.level is Level.MANDATORY and not self.exempt


@dataclass(frozen=True, kw_only=True)
class Judged:
    """How often a control was applied and what came of it."""

    control: Control
    level: Level
    resources: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that one run found."""

    judged: tuple[Judged, ...]
    off: tuple[Control, ...]
    unused: tuple[Exemption, ...]
    resources: int

    def findings(self, kind: Kind | None = None) -> Iterator[Finding]:
        """The findings that no exemption covers, of one kind or all."""
        for entry in self.judged:
            for finding in entry.findings:
                if not finding.exempt and kind in (None, finding.kind):
                    yield finding

    def exempted(self) -> Iterator[Finding]:
        """The findings that an exemption in force covers."""
        for entry in self.judged:
            yield from (finding for finding in entry.findings if finding.exempt)

    @property
    def failed(self) -> bool:
        """Whether anything mandatory was violated, stayed undecided or broke."""
        return any(finding.fails for finding in self.findings())
