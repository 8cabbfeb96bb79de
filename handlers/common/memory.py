"""Circuits in memory: for a container started alone, for tests, for the simulator."""

from threading import Lock

from msgspec.structs import replace

from handlers.common.circuit import Circuit
from handlers.common.circuit_store import Signs, View


class MemoryCircuitStore:
    """A CircuitStore in one process, as strict about generations as the one in DynamoDB."""

    def __init__(self) -> None:
        self._views: dict[str, View] = {}
        self._lock = Lock()
        self.history: list[tuple[Circuit, Circuit]] = []

    def read(self, service: str) -> View:
        """See CircuitStore."""
        return self._views.get(service) or View(circuit=Circuit(service=service))

    def write(self, before: Circuit, after: Circuit) -> bool:
        """See CircuitStore."""
        with self._lock:
            view = self.read(before.service)
            if view.circuit.generation != before.generation:
                return False
            signs = view.signs
            if after.generation != before.generation:
                signs = replace(signs, streak=0, defects=frozenset())
                self.history.append((before, after))
            self._views[after.service] = View(circuit=after, signs=signs)
            return True

    def note_failure(self, circuit: Circuit, customer: str, at: float) -> Signs | None:
        """See CircuitStore."""
        signs = self.read(circuit.service).signs
        return self._note(
            circuit,
            replace(signs, streak=signs.streak + 1, last_failure_at=at, last_failure_by=customer),
        )

    def note_defect(self, circuit: Circuit, customer: str, at: float) -> Signs | None:
        """See CircuitStore."""
        signs = self.read(circuit.service).signs
        defects = signs.defects | {customer}
        return self._note(
            circuit,
            replace(signs, defects=defects, last_failure_at=at, last_failure_by=customer),
        )

    def note_success(self, circuit: Circuit, customer: str, at: float) -> None:
        """See CircuitStore."""
        signs = self.read(circuit.service).signs
        if at > signs.last_success_at:
            self._note(
                circuit,
                replace(
                    signs,
                    streak=0,
                    defects=frozenset(),
                    last_success_at=at,
                    last_success_by=customer,
                ),
            )

    def _note(self, circuit: Circuit, signs: Signs) -> Signs | None:
        with self._lock:
            current = self.read(circuit.service).circuit
            if current.generation != circuit.generation:
                return None
            self._views[circuit.service] = View(circuit=current, signs=signs)
            return signs
