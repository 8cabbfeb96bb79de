"""The worker's side of a probe: the bank's health first, then one real message.

Only the manager starts one, and only under its lease; what is asked for is checked against the
circuit's item, so that an invocation that comes late or from elsewhere calls nobody.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from msgspec.structs import replace

from handlers.common.aws import LONGEST_POLL, aws_errors
from handlers.common.bank.client import Bank
from handlers.common.bank.key import BankKey
from handlers.common.circuit.events import Verdict
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.probes import ProbeAnswer, ProbeRequest
from handlers.common.circuit.state import Circuit, State
from handlers.common.circuit.store import CircuitStore
from handlers.common.errors import Deferred, Failing, Suspected, Waiting
from handlers.common.messages.delivery import Delivery, from_receive
from handlers.common.messages.transactions import Transaction
from handlers.common.worker.attempts import Done
from handlers.common.worker.batches import HandBack, Worker

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

T = TypeVar("T", bound=Transaction)

CANDIDATES = 3
"""Messages that are tried for one answer of the bank: a duplicate says nothing of it."""


class Source(Protocol):
    """The worker's own queue, one message at a time. Raises AwsUnavailable."""

    def receive(self, wait: float) -> Delivery | None:
        """One message, hidden from others; None where none came within `wait` seconds."""
        ...

    def delete(self, delivery: Delivery) -> None:
        """It is at its end."""
        ...


class SqsSource:
    """The queue behind Source."""

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client, self._queue_url = client, queue_url

    def receive(self, wait: float) -> Delivery | None:
        """See Source."""
        with aws_errors("receiving the probe's message"):
            answer = self._client.receive_message(
                QueueUrl=self._queue_url,
                MaxNumberOfMessages=1,
                WaitTimeSeconds=int(min(wait, LONGEST_POLL)),
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        messages: list[Any] = answer.get("Messages", [])
        return from_receive(messages[0]) if messages else None

    def delete(self, delivery: Delivery) -> None:
        """See Source."""
        with aws_errors("deleting the probe's message"):
            self._client.delete_message(QueueUrl=self._queue_url, ReceiptHandle=delivery.receipt)


class Probe(Generic[T]):
    """Finds out whether the bank works again."""

    def __init__(  # noqa: PLR0913 - the probe's surroundings, passed in for tests and the simulator
        self,
        worker: Worker[T],
        *,
        store: CircuitStore,
        lease_owner: Callable[[str], str | None],
        bank: Bank,
        key: BankKey | None,
        source: Source,
        hand_back: HandBack,
        machine: Machine,
    ) -> None:
        self._worker, self._store, self._lease_owner = worker, store, lease_owner
        self._bank, self._key = bank, key
        self._source, self._hand_back, self._machine = source, hand_back, machine

    def run(self, request: ProbeRequest, deadline: float) -> ProbeAnswer:
        """One probe.

        Args:
            request: The manager's, checked against the circuit and the lease.
            deadline: When the invocation is over (epoch seconds).
        """
        circuit = self._store.read(request.service).circuit
        if circuit.state is not State.OPEN or circuit.generation != request.generation:
            return ProbeAnswer(verdict=Verdict.UNDECIDED, why="the circuit has moved on")
        if self._lease_owner(request.service) != request.lease:
            return ProbeAnswer(verdict=Verdict.UNDECIDED, why="the lease is another's")
        if self._key is not None:
            self._key.forget()
        try:
            self._bank.check_health()
            return self._one_message(circuit, deadline)
        except Failing as failing:
            return self._unwell(circuit, failing)

    def _one_message(self, circuit: Circuit, deadline: float) -> ProbeAnswer:
        """The first message that brings an answer of the bank; a suspect only if no other waits."""
        result = ProbeAnswer(verdict=Verdict.EMPTY, why="no message came")
        suspects: list[Delivery] = []
        for _ in range(CANDIDATES):
            delivery = self._received(deadline)
            if delivery is None:
                break
            try:
                result = self._tried(delivery, circuit, deadline, spare_suspect=True)
            except Suspected:
                suspects.append(delivery)
                continue
            if result.verdict is not Verdict.UNDECIDED:
                break
        if suspects and result.verdict is Verdict.EMPTY:
            result = self._tried(suspects.pop(0), circuit, deadline, spare_suspect=False)
        self._hand_back((suspect.receipt, self._machine.rules.turn) for suspect in suspects)
        return result

    def _received(self, deadline: float) -> Delivery | None:
        """None also where the time left is too short to work a message off."""
        wait = min(self._machine.rules.turn, self._worker.time_to_start(deadline))
        return self._source.receive(wait) if wait > 0 else None

    def _tried(
        self, delivery: Delivery, circuit: Circuit, deadline: float, *, spare_suspect: bool
    ) -> ProbeAnswer:
        try:
            done = self._worker.one(delivery, deadline, probed=circuit, spare_suspect=spare_suspect)
        except Suspected:
            raise
        except Failing as failing:
            result = self._unwell(circuit, failing)
            # Past the next probe, so that it takes another customer's message.
            self._hand_back([(delivery.receipt, result.cool_down + self._machine.rules.turn)])
        except Waiting as waiting:
            self._hand_back([(delivery.receipt, waiting.delay or self._machine.rules.turn)])
            result = ProbeAnswer(verdict=Verdict.WELL, why=f"the bank answered: {waiting}")
        except Deferred as deferred:
            delay = self._machine.rules.turn if deferred.delay is None else deferred.delay
            self._hand_back([(delivery.receipt, delay)])
            result = ProbeAnswer(verdict=Verdict.UNDECIDED, why=str(deferred))
        else:
            self._source.delete(delivery)
            result = _judged(done)
        return replace(result, sent_at=delivery.sent_at / 1000)

    def _unwell(self, circuit: Circuit, failing: Failing) -> ProbeAnswer:
        """Its cool-down is drawn here, since the message is hidden for a little longer than it."""
        return ProbeAnswer(
            verdict=Verdict.UNWELL,
            why=str(failing),
            cause=failing.cause,
            cool_down=self._machine.cool_down(circuit.openings, failing.delay or 0.0),
        )


def _judged(done: Done) -> ProbeAnswer:
    if done.answered:
        return ProbeAnswer(verdict=Verdict.WELL, why=f"the bank answered: {done.outcome}")
    return ProbeAnswer(verdict=Verdict.UNDECIDED, why=f"{done.outcome} without the bank")
