"""One transaction from delivery to its end, safe against a crash between any two lines."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

import msgspec

from handlers.common.bank import Bank, Memory
from handlers.common.circuit import Circuit
from handlers.common.dead_letters import DeadLetters
from handlers.common.delivery import Delivery
from handlers.common.errors import (
    AwsUnavailable,
    BankRejection,
    BankUnavailable,
    Deferred,
    Failing,
    OutcomeUnknown,
    Rejection,
)
from handlers.common.gate import Gate
from handlers.common.journey import Journey
from handlers.common.kinds import Kind
from handlers.common.ledger import SKEW, Begun, Claim, Ledger, Reason, Status
from handlers.common.messages import Transaction, claimed, decoded, fingerprint
from handlers.common.outcomes import Outcome, Outcomes

T = TypeVar("T", bound=Transaction)


class Retry(msgspec.Struct, frozen=True, kw_only=True):
    """How often and how late a message's own failures are tried again. Times are seconds.

    Attributes:
        key_memory: How long the bank remembers an idempotency key.
        bank_timeout: How long one call may take.
    """

    max_attempts: int
    backoff: float
    backoff_cap: float
    key_memory: float
    bank_timeout: float

    def delay(self, attempt: int) -> float:
        """Seconds until the next try, doubled with each."""
        return min(self.backoff * 2.0 ** (attempt - 1), self.backoff_cap)


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction that is at its end, now or before."""

    message_id: str
    outcome: Status
    reference: str | None = None
    reason: Reason | None = None
    duplicate: bool = False
    answered: bool = False
    """Whether the bank itself answered in this attempt: what a probe counts."""


@dataclass(kw_only=True)
class Attempt(Generic[T]):
    """One try at one transaction.

    Attributes:
        transaction: None where the message could not be read or is not the one of its id.
        called: Whether the bank may have booked something in this try.
    """

    circuit: Circuit
    delivery: Delivery
    begun: Begun
    journey: Journey
    message_id: str
    customer_id: str
    transaction: T | None = None
    called: bool = False

    @property
    def group(self) -> str:
        """The customer, as signs of life name them."""
        return self.delivery.group


class Processor(Generic[T]):
    """Works transactions of one kind, one at a time."""

    def __init__(  # noqa: PLR0913 - each is one neighbour of the flow
        self,
        service: str,
        kind: Kind[T],
        *,
        gate: Gate,
        ledger: Ledger,
        bank: Bank,
        outcomes: Outcomes,
        dead_letters: DeadLetters,
        retry: Retry,
        clock: Callable[[], float],
    ) -> None:
        self.service, self._kind, self.gate = service, kind, gate
        self._ledger, self._bank = ledger, bank
        self._outcomes, self._dead_letters = outcomes, dead_letters
        self._retry, self._clock = retry, clock

    def work(self, delivery: Delivery, deadline: float, probed: Circuit | None = None) -> Done:
        """Brings one message to its end.

        Args:
            delivery: The message.
            deadline: When the invocation is over (epoch seconds); the lease lasts so long.
            probed: The open circuit under which the manager lets this one message through.

        Raises:
            Deferred: It is handed back; see its kinds.
        """
        circuit = probed or self.gate.admit()
        journey = Journey(self.service, delivery)
        try:
            attempt = self._taken(circuit, delivery, deadline, journey)
        except Failing as failing:
            self.gate.failed(circuit, delivery.group, failing)
            journey.deferred(failing)
            raise
        if attempt.begun.entry.ended:
            return self._known(attempt)
        try:
            return self._ended(attempt)
        except Failing as failing:
            return self._failing(attempt, failing)
        except Deferred as deferred:
            self._ledger.hand_back(attempt.begun, sent=attempt.called)
            journey.deferred(deferred)
            raise
        except Exception as defect:  # noqa: BLE001 - whatever it is, the message must not be lost
            return self._defect(attempt, defect)

    def _taken(
        self, circuit: Circuit, delivery: Delivery, deadline: float, journey: Journey
    ) -> Attempt[T]:
        """Reads the message and takes its ledger entry; a refused one gets an entry of its own."""
        try:
            transaction = decoded(delivery.body, self._kind.message)
            self._kind.check(transaction)
            key = f"{self.service}#{transaction.message_id}"
            begun = self._begin(delivery, deadline, key, fingerprint(transaction))
        except Rejection as no:
            return self._refused(circuit, delivery, deadline, journey, no)
        journey.validated(transaction.customer_id, transaction.message_id)
        return Attempt(
            circuit=circuit,
            delivery=delivery,
            begun=begun,
            journey=journey,
            message_id=transaction.message_id,
            customer_id=transaction.customer_id,
            transaction=transaction,
        )

    def _refused(
        self,
        circuit: Circuit,
        delivery: Delivery,
        deadline: float,
        journey: Journey,
        no: Rejection,
    ) -> Attempt[T]:
        """Entered under its carrier: the id that it claims may be another transaction's."""
        begun = self._begin(delivery, deadline, f"{self.service}#sqs#{delivery.carrier}", "")
        if not begun.entry.ended and begun.entry.end is None:
            begun = self._ledger.decide(begun, Status.REJECTED, Reason(no.code, no.detail))
        ids = claimed(delivery.body)
        return Attempt(
            circuit=circuit,
            delivery=delivery,
            begun=begun,
            journey=journey,
            message_id=ids.message_id or delivery.carrier,
            customer_id=ids.customer_id or delivery.group or "unknown",
        )

    def _begin(self, delivery: Delivery, deadline: float, key: str, fingerprint: str) -> Begun:
        return self._ledger.begin(
            Claim(
                id=key,
                fingerprint=fingerprint,
                carrier=delivery.carrier,
                group=f"{self.service}#{delivery.group}",
                sent_at=delivery.sent_at,
                now=self._clock(),
                lease_until=deadline + SKEW,
                redrive_id=delivery.redrive_id,
            )
        )

    def _ended(self, attempt: Attempt[T]) -> Done:
        """The way to an end where nothing fails."""
        entry, transaction = attempt.begun.entry, attempt.transaction
        if entry.end is not None or transaction is None:
            return self._buried(attempt)
        if attempt.begun.crashed:
            self.gate.defective(attempt.circuit, attempt.group)
        if entry.attempt > self._retry.max_attempts:
            return self._own_failure(attempt, Reason("crashed", "every attempt ended silently"))
        try:
            reference = self._called(attempt, transaction)
        except BankRejection as no:
            sent_at = attempt.delivery.sent_at / 1000
            meaning = self._kind.refused(no, sent_at, self._clock())
            if not isinstance(meaning, Rejection):
                raise meaning from None
            return self._end(attempt, Status.REJECTED, Reason(meaning.code, meaning.detail))
        except OutcomeUnknown as unknown:
            return self._end(attempt, Status.OUTCOME_UNKNOWN, Reason("unknown", str(unknown)))
        self._announce(attempt, Status.COMPLETED, reference=reference)
        self._ledger.finish(attempt.begun, Status.COMPLETED, reference)
        return self._done(attempt, Status.COMPLETED, reference=reference)

    def _called(self, attempt: Attempt[T], transaction: T) -> str | None:
        """The bank's reference.

        Raises:
            OutcomeUnknown: An earlier call may stand booked, and the bank can no longer say.
        """
        key = attempt.begun.entry.id
        called_at = attempt.begun.called_before
        attempt.called = called_at is not None
        remembered = self._retry.key_memory - self._retry.bank_timeout - SKEW
        if called_at is not None and self._clock() - called_at > remembered:
            inquiry = self._bank.inquire(key)
            if inquiry.memory is Memory.BOOKED:
                return inquiry.reference
            if inquiry.memory is Memory.FORGOTTEN:
                raise OutcomeUnknown("called before, never answered, forgotten by the bank")
        request = self._kind.request(transaction)
        attempt.journey.bank_called()
        started = self._clock()
        try:
            reference = self._bank.call(request, key)
        except BankRejection:
            self._alive(attempt, started)
            raise
        except Failing as failing:
            attempt.called = attempt.called or failing.sent
            raise
        self._alive(attempt, started)
        return reference

    def _alive(self, attempt: Attempt[T], started: float) -> None:
        """Yes and no are both signs of life."""
        attempt.called = True
        seconds = self._clock() - started
        attempt.journey.bank_answered(seconds)
        self.gate.succeeded(attempt.circuit, attempt.group, seconds)

    def _failing(self, attempt: Attempt[T], failing: Failing) -> Done:
        """The circuit hears of it, unless others succeed where only this message fails."""
        broke = isinstance(failing, BankUnavailable) and failing.about_the_message
        if broke and self._suspect(attempt):
            self.gate.suspected(attempt.circuit, attempt.group)
            return self._own_failure(attempt, Reason("bank_failure", str(failing)))
        self.gate.failed(attempt.circuit, attempt.group, failing)
        attempt.journey.deferred(failing)
        failed_at = self._clock() if broke else None
        self._ledger.hand_back(attempt.begun, sent=attempt.called, failed_at=failed_at)
        raise failing

    def _suspect(self, attempt: Attempt[T]) -> bool:
        failed_at = attempt.begun.entry.failed_at
        if failed_at is None:
            return False
        try:
            return self.gate.signs().well_without(attempt.group, failed_at)
        except AwsUnavailable:
            return False

    def _defect(self, attempt: Attempt[T], defect: Exception) -> Done:
        attempt.journey.defect(defect)
        self.gate.defective(attempt.circuit, attempt.group)
        return self._own_failure(attempt, Reason("defect", type(defect).__name__))

    def _own_failure(self, attempt: Attempt[T], reason: Reason) -> Done:
        """Counted against the message; it is given up only where others succeed meanwhile."""
        entry, now = attempt.begun.entry, self._clock()
        since = entry.first_failure_at or self._silent_since(attempt.begun) or now
        spent = entry.attempt >= self._retry.max_attempts
        if spent and self.gate.signs().well_without(attempt.group, since):
            return self._end(attempt, Status.DEAD_LETTERED, reason)
        broke = reason.code == "bank_failure"
        self._ledger.keep_failure(attempt.begun, since, now if broke else None)
        deferred = Deferred(reason.code, self._retry.delay(entry.attempt))
        attempt.journey.deferred(deferred)
        raise deferred

    @staticmethod
    def _silent_since(begun: Begun) -> float | None:
        return begun.before.begun_at if begun.before is not None and begun.crashed else None

    def _end(self, attempt: Attempt[T], end: Status, reason: Reason) -> Done:
        attempt.begun = self._ledger.decide(attempt.begun, end, reason)
        return self._buried(attempt)

    def _buried(self, attempt: Attempt[T]) -> Done:
        """Carries out what the ledger says: moved, announced, then final."""
        entry = attempt.begun.entry
        end = entry.end or Status.REJECTED
        reason = Reason(entry.code, entry.detail)
        if not attempt.delivery.direct:
            self._dead_letters.send(attempt.delivery, entry, self._clock())
        self._announce(attempt, end, reason=reason)
        self._ledger.finish(attempt.begun, end)
        return self._done(attempt, end, reason=reason)

    def _announce(
        self,
        attempt: Attempt[T],
        end: Status,
        *,
        reason: Reason | None = None,
        reference: str | None = None,
    ) -> None:
        at = datetime.fromtimestamp(self._clock(), UTC)
        details = self._kind.details(attempt.transaction) if attempt.transaction else {}
        self._outcomes.announce(
            Outcome(
                message_id=attempt.message_id,
                transaction_type=self._kind.transaction_type,
                service=self.service,
                customer_id=attempt.customer_id,
                outcome=end,
                reason=reason,
                reference=reference,
                redrive_id=attempt.delivery.redrive_id,
                correlation_id=attempt.delivery.correlation_id,
                at=at.isoformat(timespec="milliseconds"),
                **details,
            )
        )

    def _done(
        self,
        attempt: Attempt[T],
        end: Status,
        *,
        reason: Reason | None = None,
        reference: str | None = None,
    ) -> Done:
        attempt.journey.ended(end, reason)
        return Done(
            message_id=attempt.message_id,
            outcome=end,
            reference=reference,
            reason=reason,
            answered=attempt.journey.answered,
        )

    def _known(self, attempt: Attempt[T]) -> Done:
        entry = attempt.begun.entry
        attempt.journey.duplicate(entry.status)
        reason = Reason(entry.code, entry.detail) if entry.code else None
        return Done(
            message_id=attempt.message_id,
            outcome=entry.status,
            reference=entry.reference,
            reason=reason,
            duplicate=True,
        )
