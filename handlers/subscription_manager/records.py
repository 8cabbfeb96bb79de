"""What the manager remembers of a service, beside the circuit itself.

Three more items per service in the circuit's table: `lease` (who works on it now), `manager` (which
commands were applied, what was announced) and `redrive` (how far a redrive has come).
"""

from enum import StrEnum
from typing import Protocol

import msgspec

from handlers.common.circuit.state import Circuit
from handlers.common.errors import Cause

LEASE, NOTES, REDRIVE = "lease", "manager", "redrive"
REDRIVE_LEASE = "redrive-lease"
"""A redrive has a lease of its own, so that a long step never delays the circuit."""

PAGE = 25
"""Transitions read at once; the rest is announced a turn later."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A command's place in time, among commands of its kind for one service.

    Attributes:
        kind: `enable` and `disable` undo each other and share one; others have their own.
        at: SNS's timestamp, or the manager's clock for a direct call (epoch seconds).
    """

    kind: str
    at: float


class Applied(StrEnum):
    """What became of a write that carries an order."""

    DONE = "done"
    STALE = "stale"
    RACED = "raced"


class Notes(msgspec.Struct, frozen=True, kw_only=True):
    """The `manager` item.

    Attributes:
        announced: The newest generation that was announced.
        head_sent_at: When the oldest message known to wait was sent; None where none is known.
    """

    announced: int = 0
    head_sent_at: float | None = None


class Transition(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a circuit's history; `left_closed_at` is the circuit's after it."""

    generation: int
    from_state: str
    to_state: str
    at: float
    left_closed_at: float = 0.0
    who: str = ""
    why: str = ""
    cause: Cause | None = None
    cool_down: float = 0.0
    hold_until: float | None = None


class Redrive(msgspec.Struct, frozen=True, kw_only=True):
    """A redrive that was ordered, and how far it has come.

    Attributes:
        at: The order's place in time; a newer order replaces this one.
        until: It ends here, whatever is left.
        remaining: How many messages may still go back; None means all.
        moved: Sent back so far.
        passed_over: Not selected, or refused by SQS.
        held_back: Older than a completed one of their group, and not forced.
        quiet_since: Since when no letter was found.
        aside_until: Until when letters that it left are hidden.
        waits_until: Until when those are hidden that redrives before it left.
        done_at: When it ended; None while it runs.
    """

    at: float
    until: float
    operator: str = ""
    remaining: int | None = None
    ids: frozenset[str] = frozenset()
    end: str | None = None
    code: str | None = None
    force: bool = False
    moved: int = 0
    passed_over: int = 0
    held_back: int = 0
    quiet_since: float | None = None
    aside_until: float = 0.0
    waits_until: float = 0.0
    done_at: float | None = None


class Records(Protocol):
    """Where these items are kept. Every method raises AwsUnavailable where the store fails."""

    def take_lease(self, service: str, name: str, owner: str, now: float, until: float) -> bool:
        """Takes a lease that is free or ended before `now`; False where another holds it."""
        ...

    def keep_lease(self, service: str, name: str, owner: str, until: float) -> bool:
        """Moves the end of the owner's lease; False where it is not the owner's any more."""
        ...

    def free_lease(self, service: str, name: str, owner: str) -> None:
        """Ends the owner's lease; another's is left alone."""
        ...

    def apply(self, before: Circuit, after: Circuit, order: Order) -> Applied:
        """Replaces the circuit and notes the order, both or neither.

        The order is noted also where `after` is `before`: a command without an effect still makes
        the older ones void. STALE where a command as new was applied, RACED where the circuit has
        changed meanwhile.
        """
        ...

    def note(self, service: str, order: Order) -> bool:
        """Notes an order that changes no circuit; False where one as new was noted."""
        ...

    def notes(self, service: str) -> Notes:
        """The service's notes; empty ones where there are none."""
        ...

    def note_announced(self, service: str, generation: int) -> None:
        """Notes that all up to this generation is announced; an older one changes nothing."""
        ...

    def note_head(self, service: str, sent_at: float | None) -> None:
        """Notes when the oldest known message was sent; None where nothing waits."""
        ...

    def transitions(self, service: str, above: int) -> list[Transition]:
        """The history after a generation, oldest first, a bounded number of items."""
        ...

    def start_redrive(self, service: str, redrive: Redrive) -> bool:
        """Orders a redrive; False where one as new was ordered."""
        ...

    def redrive(self, service: str) -> Redrive | None:
        """The last redrive that was ordered."""
        ...

    def update_redrive(self, service: str, redrive: Redrive) -> bool:
        """Notes how far a redrive has come; False where a newer order has replaced it."""
        ...
