"""This system in the simulator: its queue, its workers (workers.py) and the real manager.

Stand-ins are only what is outside of our code: the stores in memory (handlers' own) and AWS's
services. Logs below ERROR and metrics are off (silence.py).
"""

import random
from collections import defaultdict
from datetime import UTC, datetime

from bench.simulator import backstop
from bench.simulator.backstop import Backstop
from bench.simulator.bank import Bank
from bench.simulator.case import Case, Result
from bench.simulator.deaths import Step
from bench.simulator.engine import Engine
from bench.simulator.lane import Lane
from bench.simulator.records import MemoryRecords
from bench.simulator.stack import Stack
from bench.simulator.surroundings import Surroundings
from bench.simulator.truth import Truth
from bench.simulator.workers import STORE, BrokenCode, RealWorker, Store
from handlers.common.circuit.events import Trip
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.state import Circuit, State
from handlers.common.errors import Cause
from handlers.common.memory import MemoryCircuitStore, MemoryLedger
from handlers.payment_processing.payments import FeeSchedule
from handlers.subscription_manager.cloudwatch_alarms import CloudWatchAlarms
from handlers.subscription_manager.manager import Manager
from handlers.subscription_manager.ports import Ports
from handlers.subscription_manager.settings import Managed

TOLD = 0.3
"""Seconds from a publish on the control topic to the manager at work."""


class Ours(Lane[RealWorker]):
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
        super().__init__(engine, case, stack, max_receives=stack.max_receives)
        self.bank, self.rng, self.service = bank, rng, service
        self.events: dict[str, float] = defaultdict(float)
        self._truth = truth
        self.store = Store(engine, MemoryCircuitStore())
        self.ledger = MemoryLedger()
        self.records = MemoryRecords(self.store.table)
        fees = FeeSchedule(stack.fee_threshold, stack.fee_rate)
        self.kind = BrokenCode(fees, case, engine, self.fate)
        self.workers: list[RealWorker] = []
        self.serve(rng)
        managed = Managed(
            service=service,
            function="function",
            mapping="mapping",
            queue="queue",
            dead_letter_queue="dead",
            concurrency=self.concurrency,
            alarm=backstop.NAME,
            timeout=stack.timeout,
        )
        self._backstop = Backstop(engine, stack, self._counted, self.told)
        self._surroundings = Surroundings(self)
        machine = Machine(stack.rules, rng.random)
        self._manager = Manager(self._ports(), machine, [managed], stack.queue_retention)
        if case.opened:
            self._open(machine, engine.now - stack.rules.cool_down)
        self._turns = 0
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
        opened = next((after.since for _, after in self.history), None)
        if opened is not None:
            self.events["first_pause"] = opened - self.start
        if self.fate.moments and opened is not None:
            self.events["paused_after"] = opened - self.fate.moments[0]
        self.events["gate_reads"] = sum(worker.store.reads for worker in self.workers)
        self.events["hasty_reads"] = sum(worker.store.hasty for worker in self.workers)
        self.events["invocations"] = self.mapping.invocations
        result.events = dict(self.events)
        seen = self._surroundings
        result.events["least_time_to_data_loss"] = seen.least_left
        if seen.alarmed_at is not None:
            result.events["alarmed_at"] = seen.alarmed_at - self.start

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
        """An outcome on its topic; behind it the worker may die."""
        start = text.index('"message_id":"') + 14
        end = text.index('"outcome":"') + 11
        message_id = text[start : text.index('"', start)]
        self._truth.end(message_id, text[end : text.index('"', end)])
        self.fate.passes(Step.TOLD)

    def told(self, text: str) -> None:
        """A message on the control topic."""
        self.events["control_messages"] += 1
        moment = datetime.fromtimestamp(self.engine.now, UTC).isoformat()
        sns = {
            "MessageId": f"c{self.events['control_messages']}",
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

    def new_worker(self) -> RealWorker:
        """See Lane."""
        worker = RealWorker(self, f"worker-{len(self.workers) + 1}")
        self.workers.append(worker)
        return worker

    def _counted(self) -> backstop.Counts:
        """Lambda's metrics of the function; a probe is an invocation too."""
        probes, died = self.events["probes"], self.events["probes_died"]
        return self.mapping.invocations + probes, self.mapping.errors + died

    def _plan_turn(self) -> None:
        """Scheduler is precise to a minute: each turn comes somewhere within its own.

        https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
        """
        turn = self.stack.rules.turn
        minute = self.start + self._turns * turn
        self._turns += 1
        moment = minute + self.rng.random() * turn
        self.engine.start(lambda: self._handle({"action": "reconcile"}), moment - self.engine.now)
        self.engine.at(minute + turn, self._plan_turn)

    def _handle(self, event: object) -> None:
        self.events["manager_invocations"] += 1
        self._manager.handle(event, self.engine.now + self.stack.manager_timeout - 2)

    def _ports(self) -> Ports:
        engine, seen = self.engine, self._surroundings
        return Ports(
            circuits=self.store,
            records=self.records,
            mappings=self.mapping,
            queues=seen,
            prober=seen,
            alarms=CloudWatchAlarms(self._backstop),  # pyright: ignore[reportArgumentType] - a client's shape, not its type
            notifications=seen,
            letters=seen,
            precedence=seen,
            emit=seen.emit,
            clock=engine.clock,
            pause=engine.sleep,
            new_owner=seen.new_owner,
        )
