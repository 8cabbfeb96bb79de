"""One worker's window of calls, for the rules that need a volume: failure rate and slow calls.

Consecutive failures are counted over all workers in the store (see Signs.streak). Rates are judged
in each worker: a shared count of successes would cost a write for each call.
"""

from collections import deque
from typing import NamedTuple

from handlers.common.circuit.rules import Rules


class Call(NamedTuple):
    """One call to the bank that was answered or failed."""

    at: float
    failed: bool
    slow: bool


class Window:
    """The calls of the last `rules.window` seconds."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._calls: deque[Call] = deque()
        self._failed = self._slow = 0

    def add(self, at: float, *, failed: bool, seconds: float = 0.0) -> None:
        """Notes a call that ended at `at` after so many seconds."""
        self._forget(at)
        call = Call(at, failed, seconds >= self._rules.slow_call)
        self._calls.append(call)
        self._failed += call.failed
        self._slow += call.slow

    @property
    def too_many(self) -> bool:
        """Whether the failure rate is reached, at the minimum volume, with the last call."""
        return self._enough and self._failed >= self._rules.failure_rate * len(self._calls)

    @property
    def too_slow(self) -> bool:
        """The same of the slow calls."""
        return self._enough and self._slow >= self._rules.slow_call_rate * len(self._calls)

    def trouble_since(self, *, slow: bool) -> float:
        """When the first of the failed, or of the slow, calls ended; there must be one."""
        return next(call.at for call in self._calls if (call.slow if slow else call.failed))

    @property
    def _enough(self) -> bool:
        return len(self._calls) >= self._rules.minimum_volume

    def _forget(self, now: float) -> None:
        while self._calls and self._calls[0].at <= now - self._rules.window:
            old = self._calls.popleft()
            self._failed -= old.failed
            self._slow -= old.slow
