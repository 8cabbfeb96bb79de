"""This system in the simulator: the real gate, processor, worker, probe and manager.

Stand-ins are only what is outside of our code: the stores in memory (handlers' own), AWS's clients,
the bank behind the real HTTP client's pool. Logs below ERROR and metrics are off.
"""

import random
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging import ERROR, Handler, LogRecord
from typing import Any
from unittest.mock import patch

from bench.simulator.bank import Bank
from bench.simulator.case import Case, Result
from bench.simulator.clients import SecretsClient, SnsClient, SqsClient
from bench.simulator.engine import Engine
from bench.simulator.lambdas import Fleet, Mapping
from bench.simulator.queue import Queue
from bench.simulator.stack import Stack
from bench.simulator.truth import Truth
from handlers.common import telemetry
from handlers.common.bank import BankRequest, HttpBank
from handlers.common.bank_key import BankKey
from handlers.common.circuit import Alarm, Circuit, Machine, State, Trip
from handlers.common.circuit_store import Signs, View
from handlers.common.dead_letters import SqsDeadLetters
from handlers.common.errors import Cause
from handlers.common.gate import Gate
from handlers.common.memory import MemoryCircuitStore, MemoryLedger
from handlers.common.messages import Payment
from handlers.common.outcomes import SnsOutcomes
from handlers.common.probe import Probe, ProbeRequest, SqsSource
from handlers.common.processing import Processor
from handlers.common.trips import SnsTrips
from handlers.common.worker import SqsHandBack, Worker
from handlers.payment_processing.payments import FeeSchedule, Payments
from handlers.subscription_manager.manager import Manager
from handlers.subscription_manager.memory import MemoryRecords
from handlers.subscription_manager.ports import Counts, Letter, Ports, ProbeAnswer
from handlers.subscription_manager.settings import Managed

STORE = 0.005
"""Seconds that a call to the circuit's table takes."""

TOLD = 0.3
"""Seconds from a publish on the control topic to the manager at work."""

DATA_LOSS_WARNING = 72 * 3600
"""Seconds of the first alarm on the time to data loss."""

RARELY_RECEIVED = 3
"""CloudWatch's age leaves out messages that were received more often."""


class Store:
    """The circuit's table: its answers take time, and reads are counted.

    Between the two halves of a call's time the work is done, so that what a reader sees is old by
    the time it acts on it.
    """

    def __init__(self, engine: Engine) -> None:
        self.table = MemoryCircuitStore()
        self.reads = 0
        self._engine = engine

    def read(self, service: str) -> View:
        """See CircuitStore."""
        self.reads += 1
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

    def __init__(self, fees: FeeSchedule, case: Case, engine: Engine) -> None:
        super().__init__(fees, wait_for_account=False)
        self._case, self._engine, self._start = case, engine, engine.now

    def request(self, transaction: Payment) -> BankRequest:
        """See Kind."""
        broken = self._case.defect
        now = self._engine.now - self._start
        if transaction.customer_id in self._case.poison or (
            broken is not None and broken[0] <= now < broken[1]
        ):
            raise ZeroDivisionError
        return super().request(transaction)


class RealWorker:
    """One execution environment of ours: gate, processor, worker, probe, as in service.py."""

    def __init__(self, parts: "Ours", name: str) -> None:
        engine, stack = parts.engine, parts.stack
        key = BankKey(SecretsClient(parts.bank.secret), "bank", engine.clock)  # pyright: ignore[reportArgumentType] - a client's shape, not its type
        bank = HttpBank("https://bank", key, connect_timeout=2, read_timeout=10)
        bank._http = parts.bank  # noqa: SLF001 # pyright: ignore - the pool is where the network begins
        sqs: Any = SqsClient(engine, {"queue": parts.queue, "dead": parts.dead})
        sns: Any = SnsClient({"outcomes": parts.announced, "control": parts.told})
        machine = Machine(stack.rules, parts.rng.random)
        gate = Gate(
            parts.service,
            parts.store,
            machine,
            announce=SnsTrips(sns, "control"),
            who=name,
            clock=engine.clock,
        )
        processor = Processor(
            parts.service,
            parts.kind,
            gate=gate,
            ledger=parts.ledger,
            bank=bank,
            outcomes=SnsOutcomes(sns, "outcomes"),
            dead_letters=SqsDeadLetters(sqs, "dead"),
            retry=stack.retry,
            clock=engine.clock,
        )
        hand_back = SqsHandBack(sqs, "queue")
        self._engine = engine
        self._worker = Worker(
            processor,
            hand_back,
            bank_timeout=stack.bank_timeout,
            backoff=stack.retry.backoff,
            clock=engine.clock,
        )
        self._probe = Probe(
            self._worker,
            store=parts.store,
            lease_owner=parts.lease_owner,
            bank=bank,
            key=key,
            source=SqsSource(sqs, "queue"),
            hand_back=hand_back,
            machine=machine,
        )

    def batch(self, records: list[dict[str, Any]], remaining: float) -> set[str]:
        """See lambdas.Worker."""
        answer = self._worker.batch(records, remaining)
        return {item["itemIdentifier"] for item in answer["batchItemFailures"]}

    def probe(self, request: ProbeRequest, timeout: float) -> ProbeAnswer:
        """What the manager's Invoke gives."""
        result = self._probe.run(request, self._engine.now + timeout)
        return ProbeAnswer(
            verdict=result.verdict,
            why=result.why,
            cause=result.cause,
            cool_down=result.cool_down,
            sent_at=result.sent_at,
        )


class Ours:
    """One service of this system and its manager."""

    def __init__(  # noqa: PLR0913, PLR0917 - a world's parts
        self,
        engine: Engine,
        case: Case,
        stack: Stack,
        bank: Bank,
        truth: Truth,
        rng: random.Random,
        *,
        service: str = "payment-processing",
    ) -> None:
        self.engine, self.stack, self.bank, self.rng, self.service = (
            engine,
            stack,
            bank,
            rng,
            service,
        )
        self.events: Counter[str] = Counter()
        self.least_left = stack.queue_retention
        self.alarmed_at: float | None = None
        self._truth = truth
        self._leases = 0
        self._start = engine.now
        self.dead = Queue(engine, retention=stack.queue_retention)
        self.queue = Queue(
            engine,
            visibility=stack.visibility,
            retention=stack.queue_retention,
            max_receives=stack.max_receives,
            dead_letters=self.dead,
        )
        self.store = Store(engine)
        self.ledger = MemoryLedger()
        self.records = MemoryRecords(self.store.table)
        self.kind = BrokenCode(FeeSchedule(stack.fee_threshold, stack.fee_rate), case, engine)
        self.fleet = Fleet(engine, self._new_worker, warm=case.workers, rng=rng)
        self.mapping = Mapping(
            engine,
            self.queue,
            self.fleet,
            concurrency=max(case.workers, 2),
            most=case.workers,
            timeout=stack.timeout,
            delay=lambda: rng.uniform(*case.mapping_delay),
        )
        managed = Managed(
            service=service,
            function="function",
            mapping="mapping",
            queue="queue",
            dead_letter_queue="dead",
            concurrency=max(case.workers, 2),
            alarm="alarm",
            timeout=stack.timeout,
        )
        machine = Machine(stack.rules, rng.random)
        self._manager = Manager(self._ports(), machine, [managed], stack.queue_retention)
        if case.opened:
            self._open(machine, engine.now - stack.rules.cool_down)
        self._plan_turn()

    @property
    def circuit(self) -> Circuit:
        """As it is."""
        return self.store.table.read(self.service).circuit

    @property
    def settled(self) -> bool:
        """Whether nothing is left to happen."""
        return self.circuit.state is State.CLOSED and self.queue.total == 0

    def state(self) -> str:
        """See System."""
        return self.circuit.state.value

    def report(self, result: Result, healed_at: float) -> None:
        """See System."""
        closed = [after.since for _, after in self.history if after.state is State.CLOSED]
        after_heal = [moment for moment in closed if moment >= healed_at]
        if healed_at and self.circuit.state is State.CLOSED:
            result.closed = min(after_heal, default=healed_at) - healed_at
        for before, after in self.history:
            if after.state is State.OPEN and after.since <= healed_at:
                result.longest_cool_down = after.cool_down
            self.events[f"{before.state.value}>{after.state.value}"] += 1
            if after.state is State.OPEN and after.cause is not None:
                self.events[f"cause_{after.cause.value}"] += 1
        self.events["circuit_reads"] = self.store.reads
        self.events["invocations"] = self.mapping.invocations
        result.events = dict(self.events)
        result.events["least_time_to_data_loss"] = self.least_left
        if self.alarmed_at is not None:
            result.events["alarmed_at"] = self.alarmed_at - self._start

    @property
    def history(self) -> list[tuple[Circuit, Circuit]]:
        """Every transition, from and to."""
        return self.store.table.history

    def lease_owner(self, service: str) -> str | None:
        """As the worker reads it before a probe."""
        self.engine.sleep(STORE)
        lease = self.records.lease(service)
        return lease[0] if lease else None

    def announced(self, text: str) -> None:
        """An outcome on its topic."""
        start = text.index('"message_id":"') + 14
        end = text.index('"outcome":"') + 11
        message_id = text[start : text.index('"', start)]
        self._truth.end(message_id, text[end : text.index('"', end)])

    def told(self, text: str) -> None:
        """A message on the control topic."""
        self.events["trips_announced"] += 1
        moment = datetime.fromtimestamp(self.engine.now, UTC).isoformat()
        sns = {
            "MessageId": f"c{self.events['trips_announced']}",
            "Message": text,
            "Timestamp": moment,
        }
        self.engine.start(lambda: self._handle({"Records": [{"Sns": sns}]}), TOLD)

    def _open(self, machine: Machine, since: float) -> None:
        trip = Trip(generation=0, cause=Cause.UNAVAILABLE, why="the case", who="the case")
        before = self.circuit
        opened = machine.after(before, trip, since)
        if opened is not None:
            self.store.table.write(before, opened)

    def _new_worker(self) -> RealWorker:
        self.events["workers"] += 1
        return RealWorker(self, f"worker-{self.events['workers']}")

    def _plan_turn(self) -> None:
        """Scheduler is precise to a minute: each turn comes somewhere within its own.

        https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html
        """
        turn = self.stack.rules.turn
        self._turns = getattr(self, "_turns", -1) + 1
        minute = self._start + self._turns * turn
        moment = minute + self.rng.random() * turn
        self.engine.start(lambda: self._handle({"action": "reconcile"}), moment - self.engine.now)
        self.engine.at(minute + turn, self._plan_turn)

    def _handle(self, event: object) -> None:
        self.events["manager_invocations"] += 1
        self._manager.handle(event, self.engine.now + self.stack.manager_timeout - 2)

    def _ports(self) -> Ports:
        engine = self.engine
        return Ports(
            circuits=self.store,
            records=self.records,
            mappings=self.mapping,
            queues=self,
            prober=self,
            alarms=self,
            notifications=self,
            letters=self,
            precedence=self,
            emit=self._emit,
            clock=engine.clock,
            pause=engine.sleep,
            new_owner=self._new_owner,
        )

    def _new_owner(self) -> str:
        self._leases += 1
        return f"manager-{self._leases}"

    def _emit(self, metrics: dict[str, tuple[float, str]], **_: str) -> None:
        left = metrics.get("TimeToDataLoss")
        if left is None:
            return
        self.least_left = min(self.least_left, left[0])
        if left[0] <= DATA_LOSS_WARNING and self.alarmed_at is None:
            self.alarmed_at = self.engine.now

    def counts(self, url: str) -> Counts:
        """See ports.Queues."""
        queue = self.queue if url == "queue" else self.dead
        return Counts(visible=queue.visible, in_flight=queue.in_flight, delayed=0)

    def age(self, url: str) -> float | None:
        """See ports.Queues."""
        del url
        oldest = self.queue.oldest(RARELY_RECEIVED)
        return None if oldest is None else self.engine.now - oldest

    def probe(self, managed: Managed, generation: int, lease: str) -> ProbeAnswer:
        """See ports.Prober: a synchronous invocation of any worker."""
        self.events["probes"] += 1
        calls = self.bank.books.calls
        one = self.fleet.take()
        request = ProbeRequest(service=managed.service, generation=generation, lease=lease)
        answer = one.worker.probe(request, managed.timeout)
        self.fleet.give_back(one)
        self.events["probe_calls"] += self.bank.books.calls - calls
        self.events[f"probes_{answer.verdict.value}"] += 1
        return answer

    def firing(self, name: str, now: float) -> Alarm | None:
        """See ports.Alarms. No simulated worker crashes, so the backstop has nothing to say."""
        del name, now
        return None

    def publish(self, subject: str, content: object) -> None:
        """See ports.Notifications."""
        del subject, content
        self.events["notifications"] += 1

    def receive(self, url: str, hidden: float) -> list[Letter]:
        """See ports.Letters; nobody orders a redrive here."""
        del url, hidden
        return []

    def send_back(self, url: str, letter: Letter, redrive_id: str) -> None:
        """See ports.Letters."""

    def delete(self, url: str, letter: Letter) -> None:
        """See ports.Letters."""

    def hide(self, url: str, letter: Letter, seconds: float) -> None:
        """See ports.Letters."""

    def overtaken(self, service: str, letter: Letter) -> bool:
        """See ports.Precedence."""
        del service, letter
        return False


def _no_metrics(metrics: object, **dimensions: str) -> None:
    """In place of telemetry.emit, where the workers' counts leave the process."""


@contextmanager
def quiet() -> Generator[list[str]]:
    """Logs of the handlers below ERROR and their metrics are off; gives the errors as they come."""
    errors: list[str] = []

    class Collect(Handler):
        def emit(self, record: LogRecord) -> None:
            errors.append(f"{record.getMessage()}: {record.exc_info and record.exc_info[1]!r}")

    logger: Any = telemetry.logger
    level, handlers = logger.log_level, list(logger.handlers)
    for handler in handlers:
        logger.removeHandler(handler)
    collect = Collect()
    logger.addHandler(collect)
    logger.setLevel(ERROR)
    try:
        with patch("handlers.common.tally.emit", new=_no_metrics):
            yield errors
    finally:
        logger.removeHandler(collect)
        for handler in handlers:
            logger.addHandler(handler)
        logger.setLevel(level)
