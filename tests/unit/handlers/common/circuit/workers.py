"""Workers over one circuit, each with its gate."""

from typing import Any

from msgspec.structs import replace

from handlers.common.circuit.events import Trip
from handlers.common.circuit.gate import Gate
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.rules import Rules
from handlers.common.circuit.state import Circuit, State
from handlers.common.circuit.store import View
from handlers.common.errors import BankUnavailable, Cause
from handlers.common.memory import MemoryCircuitStore
from tests.replacing import replace_method
from tests.unit.handlers.common.figures import SERVICE
from tests.unit.handlers.rules import FIRST_FAILURE

THREE_IN_A_ROW = replace(FIRST_FAILURE, consecutive_failures=3)
BROKEN = BankUnavailable("the bank answered 503", 600, sent=True, status=503)


class Workers:
    """Some workers over one store."""

    def __init__(self, rules: Rules = THREE_IN_A_ROW, number: int = 1) -> None:
        self.now, self.reads, self.trips = 1_000.0, 0, list[Trip]()
        self.store = MemoryCircuitStore()
        self._read = self.store.read
        replace_method(self.store, "read", self.read)
        self._machine = Machine(rules, lambda: 0.0)
        self.gates = [
            Gate(
                SERVICE,
                self.store,
                self._machine,
                announce=self.heard,
                who=f"worker-{n}",
                clock=lambda: self.now,
            )
            for n in range(number)
        ]
        self.gate = self.gates[0]

    def fail(self, worker: int = 0, after: float = 0.0) -> None:
        """A worker's next call fails, some seconds later."""
        self.now += after
        gate = self.gates[worker]
        gate.failed(gate.admit(), f"c{worker}", BROKEN)

    def succeed(self, worker: int = 0, after: float = 0.0, took: float = 0.1) -> None:
        """A worker's next call succeeds, some seconds later."""
        self.now += after
        gate = self.gates[worker]
        gate.succeeded(gate.admit(), f"c{worker}", took)

    def trip_by_another(self) -> None:
        """A worker that none of these gates has heard of opens the circuit."""
        before = self.circuit
        trip = Trip(generation=before.generation, cause=Cause.UNAVAILABLE, why="500", who="another")
        after = self._machine.after(before, trip, self.now)
        assert after is not None
        self.put(after)

    @property
    def tripped(self) -> bool:
        return self.circuit.state is State.OPEN

    def heard(self, service: str, trip: Trip) -> None:
        assert service == SERVICE
        self.trips.append(trip)

    def read(self, service: str) -> View:
        self.reads += 1
        return self._read(service)

    @property
    def circuit(self) -> Circuit:
        return self._read(SERVICE).circuit

    def put(self, circuit: Circuit) -> None:
        assert self.store.write(self.circuit, circuit)


def circuit(state: State, generation: int = 1, **changes: Any) -> Circuit:  # noqa: ANN401 - fields of a circuit
    return Circuit(service=SERVICE, state=state, generation=generation, **changes)
