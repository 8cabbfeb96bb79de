"""Five failures in a row, as many workers at once see them."""

from dataclasses import dataclass, field

from handlers.common.circuit.events import Trip
from handlers.common.circuit.gate import Gate
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.state import State
from handlers.common.errors import BankUnavailable
from handlers.common.memory import MemoryCircuitStore
from tests.unit.handlers.rules import FIVE_IN_A_ROW

SERVICE = "payment-processing"


@dataclass
class Workers:
    """Gates of many workers over one store, on one clock."""

    now: float = 1_000_000.0
    store: MemoryCircuitStore = field(default_factory=MemoryCircuitStore)
    gates: dict[int, Gate] = field(default_factory=dict[int, Gate])

    def gate(self, worker: int) -> Gate:
        return self.gates.setdefault(
            worker,
            Gate(
                SERVICE,
                self.store,
                Machine(FIVE_IN_A_ROW, lambda: 0.0),
                announce=self._announce,
                who=f"worker-{worker}",
                clock=lambda: self.now,
            ),
        )

    def fail(self, worker: int, after: float = 0.01) -> None:
        self.now += after
        gate = self.gate(worker)
        broken = BankUnavailable("the bank answered 500", sent=True, status=500)
        gate.failed(gate.admit(), f"customer-{worker}", broken)

    def succeed(self, worker: int, after: float = 0.01) -> None:
        self.now += after
        gate = self.gate(worker)
        gate.succeeded(gate.admit(), f"customer-{worker}", 0.1)

    @property
    def tripped(self) -> bool:
        return self.store.read(SERVICE).circuit.state is State.OPEN

    def _announce(self, service: str, trip: Trip) -> None:
        del service, trip


def test_one_worker_trips_at_its_fifth_failure() -> None:
    workers = Workers()
    for _ in range(4):
        workers.fail(1)
    assert not workers.tripped

    workers.fail(1)

    assert workers.tripped


def test_strays_of_several_workers_at_once_are_no_row() -> None:
    workers = Workers()
    for worker in range(8):
        workers.fail(worker)

    assert not workers.tripped


def test_a_success_between_ends_what_looked_like_a_row() -> None:
    workers = Workers()
    for worker in range(8):
        workers.fail(worker)
    workers.succeed(3)

    workers.fail(5)

    assert not workers.tripped


def test_workers_whose_next_call_fails_too_make_it_a_row() -> None:
    workers = Workers()
    for worker in range(8):
        workers.fail(worker)

    workers.fail(0)

    assert workers.tripped


def test_failures_that_stand_for_longer_than_a_slow_call_are_a_row_without_a_second_one() -> None:
    workers = Workers()
    for worker in range(4):
        workers.fail(worker, after=3.0)
    assert not workers.tripped

    workers.fail(4, after=3.0)

    assert workers.tripped
