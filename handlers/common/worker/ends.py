"""The last steps of a transaction: decided, moved, announced, then final in the ledger."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Generic, TypeVar

from msgspec.structs import replace

from handlers.common.errors import Busy
from handlers.common.ledger.entries import Ledger, Reason, Status
from handlers.common.messages.transactions import Transaction
from handlers.common.telemetry.tally import tally
from handlers.common.worker.attempts import Attempt, Done
from handlers.common.worker.dead_letters import DeadLetters
from handlers.common.worker.kinds import Kind
from handlers.common.worker.outcomes import Outcome, Outcomes

T = TypeVar("T", bound=Transaction)

METRICS = {
    Status.COMPLETED: "Completed",
    Status.REJECTED: "Rejected",
    Status.DEAD_LETTERED: "DeadLettered",
    Status.OUTCOME_UNKNOWN: "OutcomeUnknown",
}


class Ends(Generic[T]):
    """Each step may be repeated after a crash, and none is left out. All raise AwsUnavailable."""

    def __init__(  # noqa: PLR0913 - each is one neighbour of an end
        self,
        service: str,
        kind: Kind[T],
        *,
        ledger: Ledger,
        outcomes: Outcomes,
        dead_letters: DeadLetters,
        clock: Callable[[], float],
    ) -> None:
        self._service, self._kind, self._ledger = service, kind, ledger
        self._outcomes, self._dead_letters, self._clock = outcomes, dead_letters, clock

    def completed(self, attempt: Attempt[T]) -> Done:
        """The bank has booked it."""
        details = self._announce(attempt, Status.COMPLETED, None)
        done = self._finished(attempt, Status.COMPLETED, None)
        if "amount" in details:
            tally.paid(Decimal(details["amount"]))
        return done

    def decided(self, attempt: Attempt[T], end: Status, reason: Reason) -> Done:
        """Any other end: the ledger says so first.

        Raises:
            Busy: Another attempt has taken the entry meanwhile, and its word counts.
        """
        after = replace(
            attempt.entry,
            end=end,
            code=reason.code,
            detail=reason.detail,
            called_at=attempt.called_at,
        )
        if not self._ledger.write(attempt.entry, after):
            raise Busy("another attempt has taken over")
        attempt.entry = after
        return self.carried_out(attempt)

    def carried_out(self, attempt: Attempt[T]) -> Done:
        """What the ledger has decided, by this attempt or by one that crashed."""
        entry = attempt.entry
        end = entry.end or Status.REJECTED
        reason = Reason(entry.code, entry.detail)
        if not attempt.delivery.direct:
            self._dead_letters.send(attempt.delivery, entry, self._clock())
        self._announce(attempt, end, reason)
        return self._finished(attempt, end, reason)

    def known(self, attempt: Attempt[T]) -> Done:
        """It had ended before: nothing is done, and its end is told."""
        entry = attempt.entry
        attempt.journey.duplicate(entry.status)
        tally.add("Duplicates")
        return Done(
            message_id=attempt.message_id,
            outcome=entry.status,
            reference=entry.reference,
            reason=Reason(entry.code, entry.detail) if entry.code else None,
            duplicate=True,
        )

    def _finished(self, attempt: Attempt[T], end: Status, reason: Reason | None) -> Done:
        after = replace(
            attempt.entry,
            status=end,
            end=end,
            reference=attempt.reference,
            called_at=attempt.called_at,
        )
        self._ledger.write(attempt.entry, after)
        attempt.journey.ended(end, reason)
        tally.add(METRICS[end])
        self._count_service_level(attempt)
        return Done(
            message_id=attempt.message_id,
            outcome=end,
            reference=attempt.reference,
            reason=reason,
            answered=attempt.journey.answered,
        )

    def _count_service_level(self, attempt: Attempt[T]) -> None:
        """How long it took, unless the circuit has changed since it was sent.

        Then it waited for the bank, which is not ours to promise.
        """
        sent_at = attempt.delivery.sent_at / 1000
        if not attempt.delivery.direct and attempt.circuit.since < sent_at:
            tally.ended_after(self._clock() - sent_at)

    def _announce(self, attempt: Attempt[T], end: Status, reason: Reason | None) -> dict[str, str]:
        at = datetime.fromtimestamp(self._clock(), UTC)
        details = self._kind.details(attempt.transaction) if attempt.transaction else {}
        outcome = Outcome(
            message_id=attempt.message_id,
            transaction_type=self._kind.transaction_type,
            service=self._service,
            customer_id=attempt.customer_id,
            outcome=end,
            reason=reason,
            reference=attempt.reference,
            redrive_id=attempt.delivery.redrive_id,
            correlation_id=attempt.delivery.correlation_id,
            at=at.isoformat(timespec="milliseconds"),
            **details,
        )
        self._outcomes.announce(outcome, attempt.entry.id)
        return details
