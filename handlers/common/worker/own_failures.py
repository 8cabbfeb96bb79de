"""A message's own budget: when its failures are its own, and when it is given up.

A message is given up only where another customer's succeeds while it fails. Where nobody succeeds,
the fault is not proven to be its own, and its failures are counted anew: a bad deployment must
never drain a queue into the dead letters.
"""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from handlers.common.circuit.gate import Gate
from handlers.common.errors import AwsUnavailable, OwnFailure
from handlers.common.ledger.entries import Ledger, Reason
from handlers.common.worker.attempts import Attempt, Retry


class OwnFailures:
    """Judges the failures of single messages."""

    def __init__(
        self, gate: Gate, ledger: Ledger, retry: Retry, clock: Callable[[], float]
    ) -> None:
        self._gate, self._ledger, self._retry, self._clock = gate, ledger, retry, clock

    def others_succeed(self, customer: str, since: float) -> bool:
        """Whether another's message succeeded after that, and none failed since."""
        try:
            return self._gate.signs().well_without(customer, since)
        except AwsUnavailable:
            return False

    def suspect(self, attempt: Attempt[Any]) -> bool:
        """Whether the bank broke on this message before, and took others' since.

        A message that was found so stays so until another's fails: with little traffic nobody may
        succeed between two of its tries, and each would pause the service anew.
        """
        entry = attempt.begun.entry
        if entry.failed_at is None:
            return False
        found_before = entry.first_failure_at is not None
        return self.others_succeed(attempt.group, 0.0 if found_before else entry.failed_at)

    def deferred_unless_spent(self, attempt: Attempt[Any], reason: Reason) -> None:
        """Returns where the budget is spent and the fault proven.

        Raises:
            OwnFailure: It is tried again.
        """
        entry = attempt.entry
        since = entry.first_failure_at or self._crashed_at(attempt) or self._clock()
        spent = entry.attempt >= self._retry.max_attempts
        # What is booked, or decided, has its end already; only telling of it fails.
        open_ended = entry.end is None and not attempt.booked
        if spent and open_ended and self.others_succeed(attempt.group, since):
            return
        raise OwnFailure(
            reason.code,
            self._retry.delay(entry.attempt, self._clock() - since),
            since=since,
            counted=0 if spent else entry.attempt,
        )

    def spent_by_crashes(self, attempt: Attempt[Any]) -> bool:
        """Whether a message whose attempts end without a word is given up before another one.

        A crash tells of itself only when the next attempt begins, and then it is not known whether
        others succeeded before or after it. So it takes one failure more than others.
        """
        entry = attempt.entry
        if entry.attempt > 2:  # noqa: PLR2004 - one silent end alone may be a lost hand-back
            self._gate.defective(attempt.circuit, attempt.group)
        if entry.attempt <= self._retry.max_attempts:
            return False
        since = entry.first_failure_at or self._crashed_at(attempt) or self._clock()
        if self.others_succeed(attempt.group, since):
            return entry.attempt > self._retry.max_attempts + 1
        anew = replace(entry, attempt=1, first_failure_at=since)
        if self._ledger.write(entry, anew):
            attempt.entry = anew
        return False

    @staticmethod
    def _crashed_at(attempt: Attempt[Any]) -> float | None:
        before = attempt.begun.before
        return before.begun_at if before is not None and attempt.begun.crashed else None
