"""A worker with everything around it in memory, on a clock that only the test moves.

Every call to the outside goes through a Tap, which can fail it or kill the process at it, before or
after it took effect.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from handlers.common.circuit.events import Trip
from handlers.common.circuit.gate import Gate
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.rules import Rules
from handlers.common.circuit.state import Circuit
from handlers.common.errors import Cause
from handlers.common.ledger.entries import Entry
from handlers.common.ledger.fingerprints import Fingerprints
from handlers.common.memory import MemoryCircuitStore, MemoryLedger
from handlers.common.messages.delivery import Delivery
from handlers.common.worker.attempts import Retry
from handlers.common.worker.batches import Worker
from handlers.common.worker.kinds import Kind
from handlers.common.worker.outcomes import Outcome
from handlers.common.worker.processing import Processor
from handlers.payment_processing.payments import FeeSchedule, Payments
from tests.replacing import replace_method
from tests.unit.handlers.common.fake_bank import FakeBank
from tests.unit.handlers.common.figures import RETRY, SERVICE, TIMEOUT, VISIBILITY
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.tap import Killed, Tap, Tapped
from tests.unit.handlers.rules import PATIENT


@dataclass
class Sink:
    """Outcomes, dead letters, trips and hidden messages, as they left."""

    outcomes: list[Outcome] = field(default_factory=list[Outcome])
    keys: list[str] = field(default_factory=list[str])
    letters: list[tuple[Delivery, Entry]] = field(default_factory=list[tuple[Delivery, Entry]])
    trips: list[Trip] = field(default_factory=list[Trip])
    hidden: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])

    def announce(self, outcome: Outcome, key: str) -> None:
        self.outcomes.append(outcome)
        self.keys.append(key)

    def send(self, delivery: Delivery, entry: Entry, now: float) -> None:
        del now
        self.letters.append((delivery, entry))

    def trip(self, service: str, trip: Trip) -> None:
        assert service == SERVICE
        self.trips.append(trip)

    def hide(self, receipts: Iterable[tuple[str, float]]) -> None:
        self.hidden.extend(receipts)


class World:
    """One service; `start` makes a new worker process over the same stores."""

    def __init__(
        self, rules: Rules = PATIENT, *, wait_for_account: bool = False, retry: Retry = RETRY
    ) -> None:
        self.now = 1_000_000.0
        self.tap = Tap()
        self.store, self.ledger, self.sink = MemoryCircuitStore(), MemoryLedger(), Sink()
        self.bank = FakeBank(self.clock)
        self.machine, self.retry = Machine(rules, lambda: 0.0), retry
        self.kind: Kind[Any] = Payments(
            FeeSchedule(Decimal(100), Decimal("0.025")), wait_for_account=wait_for_account
        )
        self.worker = self.start()

    def clock(self) -> float:
        return self.now

    def secret(self) -> bytes:
        return b"a secret"

    def start(self) -> Worker[Any]:
        def tapped(inner: object, name: str) -> Any:  # noqa: ANN401 - it stands for anything
            return Tapped(inner, name, self.tap)

        self.gate = Gate(
            SERVICE,
            tapped(self.store, "circuit"),
            self.machine,
            announce=tapped(self.sink.trip, "trip"),
            who="worker-1",
            clock=self.clock,
        )
        processor = Processor(
            SERVICE,
            self.kind,
            gate=self.gate,
            ledger=tapped(self.ledger, "ledger"),
            fingerprints=Fingerprints(tapped(self.secret, "secret")),
            bank=tapped(self.bank, "bank"),
            outcomes=tapped(self.sink, "outcomes"),
            dead_letters=tapped(self.sink, "letters"),
            retry=self.retry,
            clock=self.clock,
        )
        self.worker = Worker(processor, self.sink.hide, self.retry, self.clock)
        return self.worker

    def slow(self, part: object, method: str, seconds: float) -> None:
        """Lets time pass before each call of a method of a part."""
        call = getattr(part, method)

        def slowly(*given: Any) -> Any:  # noqa: ANN401 - passed on
            self.now += seconds
            return call(*given)

        replace_method(part, method, slowly)

    def batch(self, *records: dict[str, Any], remaining: float = TIMEOUT) -> list[str]:
        """The message ids that are handed back."""
        answer = self.worker.batch(list(records), remaining)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def succeed(self, customer: str = "somebody-else") -> None:
        """Another customer's payment goes through."""
        self.now += 2
        assert self.batch(payment(f"{customer}-{self.now}", customer=customer)) == []

    def called_and_cut(self) -> None:
        """The bank booked m1; its answer was lost."""
        self.bank.script = ["booked, then cut"]
        assert self.batch(payment()) == ["sqs-m1"]

    def die_calling(self, message: dict[str, Any] | None = None) -> None:
        """The process dies before its call to the bank; another starts once SQS shows it again."""
        self.tap.kill("bank.call")
        with pytest.raises(Killed):
            self.batch(message or payment())
        self.tap.faults.clear()
        self.start()
        self.now += VISIBILITY + 20

    def trip(self) -> None:
        """Another worker opens the circuit."""
        before = self.circuit
        trip = Trip(generation=before.generation, cause=Cause.UNAVAILABLE, why="500", who="other")
        after = self.machine.after(before, trip, self.now)
        assert after is not None
        assert self.store.write(before, after)

    @property
    def circuit(self) -> Circuit:
        return self.store.read(SERVICE).circuit

    def entry(self, key: str = "m1") -> Entry:
        return self.ledger.entries[f"{SERVICE}#{key}"]

    def until_ended(self, record: dict[str, Any], rounds: int = 30) -> None:
        """Delivers a message again and again, as SQS does, until it is deleted."""
        for _ in range(rounds):
            try:
                if not self.batch(record):
                    return
                self.now += self.retry.backoff + TIMEOUT + 5
            except Killed:
                self.start()
                self.now += VISIBILITY
        raise AssertionError("it never ends")
