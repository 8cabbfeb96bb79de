"""One execution environment of this system: the real gate, processor, worker and probe.

Stand-ins are only what is outside of our code: the circuit's table and the ledger in memory
(handlers' own), AWS's clients, the bank behind the real HTTP client's pool.
"""

import random
from typing import Any, Protocol

from bench.simulator.bank import Answer, Bank
from bench.simulator.case import Case
from bench.simulator.clients import SecretsClient, SnsClient, SqsClient
from bench.simulator.deaths import Fate, Step
from bench.simulator.engine import Engine
from bench.simulator.queue import Queue
from bench.simulator.stack import Stack
from handlers.common.bank.client import BankRequest, HttpBank
from handlers.common.bank.key import BankKey
from handlers.common.circuit.gate import Gate
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.probes import ProbeAnswer, ProbeRequest
from handlers.common.circuit.state import Circuit
from handlers.common.circuit.store import Signs, View
from handlers.common.circuit.trips import SnsTrips
from handlers.common.ledger.entries import Begun, Claim, Entry
from handlers.common.ledger.fingerprints import Fingerprints
from handlers.common.memory import MemoryCircuitStore, MemoryLedger
from handlers.common.messages.transactions import Payment
from handlers.common.worker.batches import SqsHandBack, Worker
from handlers.common.worker.dead_letters import SqsDeadLetters
from handlers.common.worker.outcomes import SnsOutcomes
from handlers.common.worker.probe import Probe, SqsSource
from handlers.common.worker.processing import Processor
from handlers.payment_processing.payments import FeeSchedule, Payments

STORE = 0.005
"""Seconds that a call to the circuit's table takes."""


class Store:
    """The circuit's table for one process: its answers take time, and reads are counted.

    Between the two halves of a call's time the work is done, so that what a reader sees is old by
    the time it acts on it.

    Attributes:
        hasty: Reads within a second of the one before.
    """

    def __init__(self, engine: Engine, table: MemoryCircuitStore) -> None:
        self.table, self._engine = table, engine
        self.reads = self.hasty = 0
        self._read_at = float("-inf")

    def read(self, service: str) -> View:
        """See CircuitStore."""
        self.reads += 1
        self.hasty += self._engine.now - self._read_at < 1.0
        self._read_at = self._engine.now
        self._engine.sleep(STORE / 2)
        view = self.table.read(service)
        self._engine.sleep(STORE / 2)
        return view

    def write(self, before: Circuit, after: Circuit) -> bool:
        """See CircuitStore."""
        self._engine.sleep(STORE)
        return self.table.write(before, after)

    def note_failure(self, circuit: Circuit, customer: str, at: float) -> Signs | None:
        """See CircuitStore."""
        self._engine.sleep(STORE)
        return self.table.note_failure(circuit, customer, at)

    def note_suspect(self, circuit: Circuit, customer: str, at: float) -> Signs | None:
        """See CircuitStore."""
        self._engine.sleep(STORE)
        return self.table.note_suspect(circuit, customer, at)

    def note_defect(self, circuit: Circuit, customer: str, at: float) -> Signs | None:
        """See CircuitStore."""
        self._engine.sleep(STORE)
        return self.table.note_defect(circuit, customer, at)

    def note_success(self, circuit: Circuit, customer: str, at: float) -> None:
        """See CircuitStore."""
        self._engine.sleep(STORE)
        self.table.note_success(circuit, customer, at)


class BrokenCode(Payments):
    """The payment's kind, broken for some customers or for some time: our own defect."""

    def __init__(self, fees: FeeSchedule, case: Case, engine: Engine, fate: Fate) -> None:
        super().__init__(fees, wait_for_account=False)
        self._case, self._engine, self._start = case, engine, engine.now
        self._fate = fate

    def request(self, transaction: Payment) -> BankRequest:
        """See Kind."""
        broken = self._case.defect
        now = self._engine.now - self._start
        if transaction.customer_id in self._case.deadly:
            self._fate.strike()
        if transaction.customer_id in self._case.poison or (
            broken is not None and broken[0] <= now < broken[1]
        ):
            raise ZeroDivisionError
        return super().request(transaction)


class MortalLedger:
    """The ledger of a worker that may die once a message is entered."""

    def __init__(self, ledger: MemoryLedger, fate: Fate) -> None:
        self._ledger, self._fate = ledger, fate

    def begin(self, claim: Claim) -> Begun:
        """See Ledger."""
        begun = self._ledger.begin(claim)
        self._fate.passes(Step.ENTERED)
        return begun

    def write(self, held: Entry, after: Entry) -> bool:
        """See Ledger."""
        return self._ledger.write(held, after)


class MortalPool:
    """The connections to the bank of a worker that may die once it has answered."""

    def __init__(self, bank: Bank, fate: Fate) -> None:
        self._bank, self._fate = bank, fate

    def request(self, method: str, url: str, **rest: Any) -> Answer:  # noqa: ANN401 - as the pool takes them
        """See Bank."""
        answer = self._bank.request(method, url, **rest)
        if method == "POST":
            self._fate.passes(Step.ANSWERED)
        return answer

    def clear(self) -> None:
        """See Bank."""
        self._bank.clear()


class Parts(Protocol):
    """What a worker needs of the service that it works for."""

    engine: Engine
    stack: Stack
    bank: Bank
    rng: random.Random
    service: str
    fate: Fate
    queue: Queue
    dead: Queue
    store: Store
    ledger: MemoryLedger
    kind: BrokenCode

    def announced(self, text: str) -> None:
        """An outcome on its topic."""
        ...

    def told(self, text: str) -> None:
        """A message on the control topic."""
        ...

    def lease_owner(self, service: str) -> str | None:
        """Who may probe now."""
        ...


class RealWorker:
    """One execution environment of ours: gate, processor, worker, probe, as in service.py."""

    def __init__(self, parts: Parts, name: str) -> None:
        engine, stack = parts.engine, parts.stack
        key = BankKey(SecretsClient(parts.bank.secret), "bank", engine.clock)  # pyright: ignore[reportArgumentType] - a client's shape, not its type
        bank = HttpBank("https://bank", key, connect_timeout=2, read_timeout=10)
        bank._http = MortalPool(parts.bank, parts.fate)  # noqa: SLF001 # pyright: ignore - the pool is where the network begins
        sqs: Any = SqsClient(engine, {"queue": parts.queue, "dead": parts.dead})
        sns: Any = SnsClient({"outcomes": parts.announced, "control": parts.told})
        machine = Machine(stack.rules, parts.rng.random)
        self.store = Store(engine, parts.store.table)
        gate = Gate(
            parts.service,
            self.store,
            machine,
            announce=SnsTrips(sns, "control"),
            who=name,
            clock=engine.clock,
        )
        processor = Processor(
            parts.service,
            parts.kind,
            gate=gate,
            ledger=MortalLedger(parts.ledger, parts.fate),
            fingerprints=Fingerprints(lambda: b"a secret"),
            bank=bank,
            outcomes=SnsOutcomes(sns, "outcomes"),
            dead_letters=SqsDeadLetters(sqs, "dead"),
            retry=stack.retry,
            clock=engine.clock,
        )
        hand_back = SqsHandBack(sqs, "queue")
        self._engine, self._fate = engine, parts.fate
        self._worker = Worker(processor, hand_back, stack.retry, engine.clock)
        self._probe = Probe(
            self._worker,
            store=self.store,
            lease_owner=parts.lease_owner,
            bank=bank,
            key=key,
            source=SqsSource(sqs, "queue"),
            hand_back=hand_back,
            machine=machine,
        )

    def batch(self, records: list[dict[str, Any]], remaining: float) -> set[str]:
        """See lambdas.Worker."""
        self._fate.passes(Step.STARTED)
        answer = self._worker.batch(records, remaining)
        return {item["itemIdentifier"] for item in answer["batchItemFailures"]}

    def probe(self, request: ProbeRequest, timeout: float) -> ProbeAnswer:
        """What the manager's Invoke gives."""
        self._fate.passes(Step.STARTED)
        return self._probe.run(request, self._engine.now + timeout)
