"""A worker with everything around it in memory, on a clock that only the test moves.

Every call to the outside goes through a Tap, which can fail it or kill the process at it, before or
after it took effect.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from handlers.common.bank.client import BankRequest, Inquiry, Memory
from handlers.common.circuit.events import Trip
from handlers.common.circuit.gate import Gate
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.rules import Rules
from handlers.common.errors import AwsUnavailable, BankRejection, BankUnavailable
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
from tests.unit.handlers.rules import PATIENT

SERVICE = "payment-processing"
RETRY = Retry(max_attempts=3, backoff=5, backoff_cap=900, key_memory=86_400, bank_timeout=12)
TIMEOUT = 30.0
VISIBILITY = 180.0


class Killed(BaseException):
    """The process ends here, without a word."""


@dataclass
class Fault:
    """What happens at one call to the outside, counted from 1, or at every call of a name."""

    at: int
    after: bool
    kill: bool
    on: str = ""


class Tap:
    """Passes every call to the outside on, and meets the faults that are set for it."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.faults: list[Fault] = []

    def __call__(self, name: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is called
        self.calls.append(name)
        fault = next((f for f in self.faults if len(self.calls) == f.at or name == f.on), None)
        if fault is None:
            return call()
        if fault.after:
            call()
        if fault.kill:
            raise Killed
        if name.startswith("bank."):
            raise BankUnavailable("no answer", sent=True)
        raise AwsUnavailable(f"{name} failed")


class Tapped:
    """Anything, with its methods through a Tap."""

    def __init__(self, inner: object, name: str, tap: Tap) -> None:
        self._inner, self._name, self._tap = inner, name, tap

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever is wrapped
        method = getattr(self._inner, name)

        def call(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever is wrapped
            return self._tap(f"{self._name}.{name}", lambda: method(*given, **named))

        return call

    def __call__(self, *given: Any) -> Any:  # noqa: ANN401 - whatever is wrapped
        return self._tap(self._name, lambda: cast("Any", self._inner)(*given))


FAILURES: Mapping[str, Callable[[], Exception]] = {
    "402": lambda: BankRejection("insufficient_funds", "the bank answered 402"),
    "no_account": lambda: BankRejection("account_not_found", "the bank answered 422"),
    "key_reused": lambda: BankRejection("idempotency_key_reused", "the bank answered 422"),
    "500": lambda: BankUnavailable("the bank answered 500", sent=True, status=500),
    "429": lambda: BankUnavailable("the bank answered 429", 500_000, sent=True, status=429),
    "refused": lambda: BankUnavailable("no connection"),
    "no key": lambda: AwsUnavailable("reading the bank's key failed: ResourceNotFoundException"),
    "defect": lambda: ZeroDivisionError("account 12345678"),
}
"""What a call fails with, by the word of a script."""


@dataclass
class FakeBank:
    """Books once for each key that it remembers; scripted where a test says so."""

    clock: Callable[[], float]
    key_memory: float = RETRY.key_memory
    can_say: bool = True
    script: list[str] = field(default_factory=list[str])
    always: dict[str, str] = field(default_factory=dict[str, str])
    booked: list[str] = field(default_factory=list[str])
    called: list[str] = field(default_factory=list[str])
    requests: list[BankRequest] = field(default_factory=list[BankRequest])
    inquired: list[str] = field(default_factory=list[str])
    first_call: dict[str, float] = field(default_factory=dict[str, float])

    def call(self, request: BankRequest, key: str) -> str:
        self.called.append(key)
        self.requests.append(request)
        how = self.always.get(request.body["customer_id"]) or (
            self.script.pop(0) if self.script else "ok"
        )
        if failure := FAILURES.get(how):
            raise failure()
        remembered = self.clock() - self.first_call.get(key, -1e18) < self.key_memory
        if not remembered:
            self.first_call[key] = self.clock()
            self.booked.append(key)
        if how == "booked, then cut":
            raise BankUnavailable("no answer", sent=True)
        return f"ref-{self.booked.index(key)}"

    def inquire(self, key: str) -> Inquiry:
        self.inquired.append(key)
        if not self.can_say:
            return Inquiry(Memory.FORGOTTEN)
        if key in self.booked:
            return Inquiry(Memory.BOOKED, f"ref-{self.booked.index(key)}")
        return Inquiry(Memory.NOT_BOOKED)

    def check_health(self) -> None:
        """Always well."""


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
        self.rules, self.retry = rules, retry
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
            Machine(self.rules, lambda: 0.0),
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

        setattr(part, method, slowly)

    def batch(self, *records: dict[str, Any], remaining: float = TIMEOUT) -> list[str]:
        """The message ids that are handed back."""
        answer = self.worker.batch(list(records), remaining)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def succeed(self, customer: str = "somebody-else") -> None:
        """Another customer's payment goes through."""
        self.now += 2
        assert self.batch(payment(f"{customer}-{self.now}", customer=customer)) == []

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


def payment(
    message_id: str = "m1",
    *,
    customer: str = "c1",
    carrier: str | None = None,
    amount: object = "120.00",
    attributes: dict[str, str] | None = None,
    **fields: object,
) -> dict[str, Any]:
    """A payment as a record of Lambda's SQS event."""
    body = {
        "message_id": message_id,
        "transaction_type": "payment",
        "customer_id": customer,
        "amount": amount,
        "payment_method": "bank",
        **fields,
    }
    return record(
        json.dumps(body), carrier=carrier or f"sqs-{message_id}", group=customer, given=attributes
    )


def record(
    body: str, *, carrier: str = "sqs-1", group: str = "c1", given: dict[str, str] | None = None
) -> dict[str, Any]:
    """Any body as a record of Lambda's SQS event."""
    return {
        "messageId": carrier,
        "receiptHandle": f"receipt-{carrier}",
        "body": body,
        "attributes": {"MessageGroupId": group, "SentTimestamp": "1000000000"},
        "messageAttributes": {
            name: {"stringValue": value, "dataType": "String"}
            for name, value in (given or {}).items()
        },
        "eventSource": "aws:sqs",
    }
