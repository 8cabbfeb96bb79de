"""What roles and AWS's own services did in a run, and who let them or not: one line for each kind.

Calls that differ in nothing that a policy could tell apart are counted, not repeated.
"""

import threading
from collections import Counter
from collections.abc import Iterable

import msgspec


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of call.

    Attributes:
        principal: A role's ARN, or an AWS service's name.
        context: Condition keys in lower case with their values.
        allowed: Whether it passed.
        by: Who denied it: `emulator`, `judge` or both; empty where it passed.
        why: The judge's reason.
        seen: Who called under the role: `function`, `mapping`, `logs`, `schedule` or `AWS`.
    """

    principal: str
    action: str
    resource: str
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()
    allowed: bool = True
    by: tuple[str, ...] = ()
    why: str = ""
    seen: str = "function"

    def __str__(self) -> str:
        """Who called what, for a finding."""
        return f"{self.principal.rsplit('/', 1)[-1]}: {self.action} on {self.resource}"


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of call and how often it was made."""

    use: Use
    count: int


class Recorder:
    """Collects uses in memory."""

    def __init__(self) -> None:
        self._uses: Counter[Use] = Counter()
        self._lock = threading.Lock()

    def note(self, use: Use) -> None:
        """Count one call."""
        with self._lock:
            self._uses[use] += 1

    def lines(self) -> bytes:
        """All of them as JSON, one a line."""
        with self._lock:
            found = [Recorded(use=use, count=count) for use, count in self._uses.items()]
        return b"".join(msgspec.json.encode(one) + b"\n" for one in found)


def read(lines: bytes) -> list[Recorded]:
    """What `Recorder.lines` wrote."""
    return [msgspec.json.decode(line, type=Recorded) for line in lines.splitlines()]


def denied(record: Iterable[Recorded]) -> list[Recorded]:
    """The calls that did not pass."""
    return [one for one in record if not one.use.allowed]
