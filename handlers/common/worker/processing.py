"""One transaction from delivery to its end, safe against a crash between any two lines."""

from collections.abc import Callable
from typing import Generic, NoReturn, TypeVar

from msgspec.structs import replace

from handlers.common.bank.client import Bank
from handlers.common.circuit.gate import Gate
from handlers.common.circuit.state import Circuit
from handlers.common.errors import (
    AwsRefused,
    AwsUnavailable,
    BankRejection,
    BankUnavailable,
    Deferred,
    Failing,
    OutcomeUnknown,
    OwnFailure,
    Rejection,
    Suspected,
)
from handlers.common.ledger.entries import Ledger, Reason, Status
from handlers.common.ledger.fingerprints import Fingerprints
from handlers.common.messages.delivery import Delivery
from handlers.common.messages.transactions import Transaction
from handlers.common.telemetry.logs import logger
from handlers.common.worker.asking import Asking
from handlers.common.worker.attempts import Attempt, Done, Retry
from handlers.common.worker.dead_letters import DeadLetters
from handlers.common.worker.ends import Ends
from handlers.common.worker.intake import Intake
from handlers.common.worker.kinds import Kind
from handlers.common.worker.outcomes import Outcomes
from handlers.common.worker.own_failures import OwnFailures

T = TypeVar("T", bound=Transaction)


class Processor(Generic[T]):
    """Works transactions of one kind, one at a time."""

    def __init__(  # noqa: PLR0913 - each is one neighbour of the flow
        self,
        service: str,
        kind: Kind[T],
        *,
        gate: Gate,
        ledger: Ledger,
        fingerprints: Fingerprints,
        bank: Bank,
        outcomes: Outcomes,
        dead_letters: DeadLetters,
        retry: Retry,
        clock: Callable[[], float],
    ) -> None:
        self.gate = gate
        self._kind, self._ledger, self._clock = kind, ledger, clock
        self._intake = Intake(
            service,
            kind,
            gate=gate,
            ledger=ledger,
            fingerprints=fingerprints,
            retry=retry,
            clock=clock,
        )
        self._asking = Asking(kind, bank, gate, retry, clock)
        self._own = OwnFailures(gate, ledger, retry, clock)
        self._ends = Ends(
            service, kind, ledger=ledger, outcomes=outcomes, dead_letters=dead_letters, clock=clock
        )

    def work(
        self,
        delivery: Delivery,
        deadline: float,
        *,
        probed: Circuit | None = None,
        spare_suspect: bool = False,
    ) -> Done:
        """Brings one message to its end.

        Args:
            delivery: The message.
            deadline: When the invocation is over (epoch seconds); the lease lasts so long.
            probed: The open circuit under which the manager lets this one message through.
            spare_suspect: Whether a message is left alone on which the bank breaks while it takes
                others': it would say nothing about the bank.

        Raises:
            Deferred: It is handed back; see its kinds.
        """
        attempt = self._intake.taken(delivery, deadline, probed)
        if attempt.begun.entry.ended:
            return self._ends.known(attempt)
        try:
            if spare_suspect and self._own.suspect(attempt):
                raise Suspected("the bank breaks on this message alone")
            return self._judged(attempt)
        except Failing as failing:
            self.gate.failed(attempt.circuit, attempt.group, failing)
            self._back(attempt, failing)
        except Deferred as deferred:
            self._back(attempt, deferred)

    def _judged(self, attempt: Attempt[T]) -> Done:
        """To an end, or out by Deferred: what is the message's own fault is counted against it."""
        try:
            return self._ended(attempt)
        except BankUnavailable as failing:
            attempt.broke = failing.about_the_message
            if not (attempt.broke and self._own.suspect(attempt)):
                raise
            self.gate.suspected(attempt.circuit, attempt.group)
            reason = Reason("bank_failure", str(failing))
        except AwsRefused as defect:
            reason = self._defect(attempt, defect)
        except Deferred:
            raise
        except Exception as defect:  # noqa: BLE001 - whatever it is, the message must not be lost
            reason = self._defect(attempt, defect)
        self._own.deferred_unless_spent(attempt, reason)
        return self._ends.decided(attempt, Status.DEAD_LETTERED, reason)

    def _ended(self, attempt: Attempt[T]) -> Done:
        """The way to an end where nothing fails."""
        entry, no = attempt.entry, attempt.refusal
        if entry.end is Status.COMPLETED:
            attempt.booked, attempt.reference = True, entry.reference
            return self._ends.completed(attempt)
        if entry.end is not None:
            return self._ends.carried_out(attempt)
        if no is not None or attempt.transaction is None:
            no = no or Rejection("invalid_message")
            return self._ends.decided(attempt, Status.REJECTED, Reason(no.code, no.detail))
        if attempt.begun.crashed and self._own.spent_by_crashes(attempt):
            reason = Reason("crashed", "its attempts end without a word")
            return self._ends.decided(attempt, Status.DEAD_LETTERED, reason)
        return self._asked(attempt, attempt.transaction)

    def _asked(self, attempt: Attempt[T], transaction: T) -> Done:
        attempt.called = attempt.begun.called_before is not None
        try:
            attempt.reference = self._asking.booked(attempt, transaction)
        except BankRejection as no:
            meaning = self._kind.refused(no, attempt.delivery.sent_at / 1000, self._clock())
            if not isinstance(meaning, Rejection):
                raise meaning from None
            reason = Reason(meaning.code, meaning.detail)
            return self._ends.decided(attempt, Status.REJECTED, reason)
        except OutcomeUnknown as unknown:
            reason = Reason("unknown", str(unknown))
            return self._ends.decided(attempt, Status.OUTCOME_UNKNOWN, reason)
        attempt.booked = attempt.called = True
        return self._ends.completed(attempt)

    def _defect(self, attempt: Attempt[T], defect: Exception) -> Reason:
        attempt.journey.defect(defect)
        self.gate.defective(attempt.circuit, attempt.group)
        return Reason("defect", type(defect).__name__)

    def _back(self, attempt: Attempt[T], deferred: Deferred) -> NoReturn:
        """Hands it back: the attempt is not counted, unless the failure is the message's own."""
        attempt.journey.deferred(deferred)
        entry = attempt.entry
        after = replace(
            entry,
            status=Status.WAITING,
            attempt=entry.attempt - 1,
            called_at=attempt.called_at,
            failed_at=self._clock() if attempt.broke else entry.failed_at,
        )
        if isinstance(deferred, OwnFailure):
            after = replace(after, attempt=deferred.counted, first_failure_at=deferred.since)
        if attempt.booked:
            # What is known to be booked is not asked again, however long this lasts.
            after = replace(after, end=Status.COMPLETED, reference=attempt.reference)
        try:
            self._ledger.write(entry, after)
        except AwsUnavailable as error:
            logger.warning("entry_not_released", extra={"detail": str(error)})
        raise deferred
