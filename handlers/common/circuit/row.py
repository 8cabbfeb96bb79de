"""Failures in a row: when a count over all workers is believed to be one."""

from handlers.common.circuit.rules import Rules
from handlers.common.circuit.store import Signs


class Row:
    """One worker's view of the row that all workers count together.

    A success is noted only after a failure that its worker knows of, so with many workers at once
    the strays of several look like a row. Beyond a threshold of one, a row is believed where this
    worker's next call within it fails too, or where nobody had a success in the time that the
    slowest good call takes.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._failed_in: float | None = None

    def succeeded(self) -> None:
        """This worker's call was answered."""
        self._failed_in = None

    def failed(self, signs: Signs, now: float) -> bool:
        """Takes note of this worker's failure; whether enough calls failed one after the other."""
        again, self._failed_in = self._failed_in == signs.streak_since, signs.streak_since
        if signs.streak < self._rules.consecutive_failures:
            return False
        stood = now - signs.streak_since >= self._rules.slow_call
        return self._rules.consecutive_failures == 1 or again or stood
