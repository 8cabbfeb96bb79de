"""A delivery becomes an attempt: let in by the gate, read, and entered in the ledger."""

from collections.abc import Callable
from typing import Generic, TypeVar

from handlers.common.circuit.gate import Gate
from handlers.common.circuit.state import Circuit
from handlers.common.errors import AwsRefused, Deferred, Failing, Rejection
from handlers.common.ledger.entries import SKEW, Begun, Claim, Ledger
from handlers.common.ledger.fingerprints import Fingerprints
from handlers.common.messages.delivery import Delivery
from handlers.common.messages.transactions import Transaction, claimed, decoded
from handlers.common.telemetry.journey import Journey
from handlers.common.worker.attempts import Attempt, Retry
from handlers.common.worker.kinds import Kind

T = TypeVar("T", bound=Transaction)

PRECISION = 6
"""Decimals of a second that the ledger keeps."""


class Intake(Generic[T]):
    """The beginning of every attempt."""

    def __init__(  # noqa: PLR0913 - each is one neighbour of the beginning
        self,
        service: str,
        kind: Kind[T],
        *,
        gate: Gate,
        ledger: Ledger,
        fingerprints: Fingerprints,
        retry: Retry,
        clock: Callable[[], float],
    ) -> None:
        self._service, self._kind, self._gate = service, kind, gate
        self._ledger, self._fingerprints = ledger, fingerprints
        self._retry, self._clock = retry, clock

    def taken(self, delivery: Delivery, deadline: float, probed: Circuit | None) -> Attempt[T]:
        """The attempt at this message; its entry may have ended before.

        Raises:
            Deferred: The gate is shut, another attempt holds the entry, or AWS fails.
        """
        try:
            circuit = self._gate.admit_probe(probed) if probed else self._gate.admit()
        except Deferred as deferred:
            Journey(delivery, self._gate.generation).deferred(deferred)
            raise
        journey = Journey(delivery, circuit.generation)
        try:
            return self._entered(circuit, delivery, deadline, journey)
        except AwsRefused as defect:
            deferred = self._defect(circuit, delivery, journey, defect)
        except Failing as failing:
            self._gate.failed(circuit, delivery.group, failing)
            deferred = failing
        except Deferred as busy:
            deferred = busy
        except Exception as defect:  # noqa: BLE001 - whatever it is, the message must not be lost
            deferred = self._defect(circuit, delivery, journey, defect)
        journey.deferred(deferred)
        raise deferred

    def _entered(
        self, circuit: Circuit, delivery: Delivery, deadline: float, journey: Journey
    ) -> Attempt[T]:
        journey.validation_started()
        try:
            transaction = decoded(delivery.body, self._kind.message)
            journey.identified(transaction.customer_id, transaction.message_id)
            key = f"{self._service}#{transaction.message_id}"
            begun = self._begun(delivery, deadline, key, self._fingerprints.of(transaction))
        except Rejection as no:
            return self._refused(circuit, delivery, deadline, journey, no)
        # What was sent to the bank once is the bank's to judge, even if our own rules changed.
        refusal = self._objection(transaction) if begun.known_call is None else None
        if refusal is None:
            journey.validation_completed()
        return Attempt(
            circuit=circuit,
            delivery=delivery,
            deadline=deadline,
            begun=begun,
            entry=begun.entry,
            journey=journey,
            message_id=transaction.message_id,
            customer_id=transaction.customer_id,
            transaction=transaction,
            refusal=refusal,
        )

    def _refused(
        self,
        circuit: Circuit,
        delivery: Delivery,
        deadline: float,
        journey: Journey,
        no: Rejection,
    ) -> Attempt[T]:
        """Entered under its carrier: the id that it claims may be another transaction's.

        No id has a space in it, so the key can be nobody else's.
        """
        ids = claimed(delivery.body)
        customer, message = ids.customer_id or delivery.group, ids.message_id or delivery.carrier
        journey.identified(customer, message)
        key = f"{self._service}#carrier {delivery.carrier}"
        begun = self._begun(delivery, deadline, key, "")
        return Attempt(
            circuit=circuit,
            delivery=delivery,
            deadline=deadline,
            begun=begun,
            entry=begun.entry,
            journey=journey,
            message_id=message,
            customer_id=customer,
            refusal=no,
        )

    def _begun(self, delivery: Delivery, deadline: float, key: str, fingerprint: str) -> Begun:
        return self._ledger.begin(
            Claim(
                id=key,
                fingerprint=fingerprint,
                carrier=delivery.carrier,
                group=f"{self._service}#{delivery.group}",
                sent_at=delivery.sent_at,
                now=round(self._clock(), PRECISION),
                lease_until=deadline + SKEW,
                redrive_id=delivery.redrive_id,
            )
        )

    def _objection(self, transaction: T) -> Rejection | None:
        try:
            self._kind.check(transaction)
        except Rejection as no:
            return no
        return None

    def _defect(
        self, circuit: Circuit, delivery: Delivery, journey: Journey, defect: Exception
    ) -> Deferred:
        """Of reading or entering: there is no entry to count it in, so its age has to do."""
        journey.defect(defect)
        self._gate.defective(circuit, delivery.group)
        age = self._clock() - delivery.sent_at / 1000
        return Deferred("defect", self._retry.delay(1, age))
