"""What is kept of a circuit, and what a store of it promises.

There is no lock: a change is written only on top of the generation that it was computed from, so of
many workers one wins.
"""

from typing import Protocol

import msgspec

from handlers.common.circuit.state import Circuit


class Signs(msgspec.Struct, frozen=True, kw_only=True):
    """Signs of life and of trouble around one circuit, by customer. Times are epoch seconds.

    Attributes:
        streak: Failures in a row, over all workers, since the last success that was noted.
        streak_since: When the first of them was noted.
        defects: Customers whose messages met a defect since the last success.
    """

    streak: int = 0
    streak_since: float = 0.0
    last_failure_at: float = 0.0
    last_failure_by: str = ""
    last_success_at: float = 0.0
    last_success_by: str = ""
    defects: frozenset[str] = frozenset()

    @property
    def trouble(self) -> bool:
        """Whether a failure came after the last success, so that a success is worth a write."""
        return bool(self.defects) or self.last_failure_at > self.last_success_at

    def well_without(self, customer: str, since: float) -> bool:
        """Whether others succeed while this customer's message fails.

        Another customer succeeded after `since`, and none failed after that success.
        """
        return (
            self.last_success_by not in ("", customer)
            and self.last_success_at > since
            and (self.last_failure_by == customer or self.last_failure_at < self.last_success_at)
        )


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A circuit and its signs, as read at one moment."""

    circuit: Circuit
    signs: Signs = Signs()


class CircuitStore(Protocol):
    """Where circuits are kept. Every method raises AwsUnavailable where the store fails."""

    def read(self, service: str) -> View:
        """The newest state; a closed circuit of generation 0 where there is none yet."""
        ...

    def write(self, before: Circuit, after: Circuit) -> bool:
        """Replaces `before`; False where another was faster. A new generation adds history."""
        ...

    def note_failure(self, circuit: Circuit, customer: str, at: float) -> Signs | None:
        """Counts one failure; None where the circuit has moved on since."""
        ...

    def note_suspect(self, circuit: Circuit, customer: str, at: float) -> Signs | None:
        """Notes a failure that is one message's, not the dependency's: it counts in no streak."""
        ...

    def note_defect(self, circuit: Circuit, customer: str, at: float) -> Signs | None:
        """Counts one message's own failure; None where the circuit has moved on since."""
        ...

    def note_success(self, circuit: Circuit, customer: str, at: float) -> None:
        """Ends a streak; an older success than the one noted changes nothing."""
        ...
