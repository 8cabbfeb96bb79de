"""Circuits and ledgers in memory: for a container started alone, for tests, for the simulator."""

from threading import Lock

from msgspec.structs import replace

from handlers.common.circuit.state import Circuit
from handlers.common.circuit.store import Signs, View
from handlers.common.ledger.entries import (
    Begun,
    Claim,
    Entry,
    Status,
    judged,
    reopened,
    taken,
)


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
            newer_image = view.circuit.version > after.version
            if newer_image or view.circuit.generation != before.generation:
                return False
            signs = view.signs
            if after.generation != before.generation:
                signs = replace(signs, streak=0, streak_since=0.0, defects=frozenset())
                self.history.append((before, after))
            self._views[after.service] = View(circuit=after, signs=signs)
            return True

    def note_failure(self, circuit: Circuit, customer: str, at: float) -> Signs | None:
        """See CircuitStore."""
        signs = self.read(circuit.service).signs
        return self._note(
            circuit,
            replace(
                signs,
                streak=signs.streak + 1,
                streak_since=signs.streak_since or at,
                last_failure_at=at,
                last_failure_by=customer,
            ),
        )

    def note_suspect(self, circuit: Circuit, customer: str, at: float) -> Signs | None:
        """See CircuitStore."""
        signs = self.read(circuit.service).signs
        return self._note(circuit, replace(signs, last_failure_at=at, last_failure_by=customer))

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
                    streak_since=0.0,
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


class MemoryLedger:
    """A Ledger in one process, with the same rules as the one in DynamoDB."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self._lock = Lock()

    def begin(self, claim: Claim) -> Begun:
        """See Ledger."""
        with self._lock:
            before = self.entries.get(claim.id)
            if before is None:
                begun = Begun(entry=taken(Entry(id=claim.id), claim), before=None)
            elif _free(before, claim):
                begun = Begun(entry=taken(before, claim), before=before)
            else:
                begun = judged(before, claim) or reopened(before, claim)
            self.entries[claim.id] = begun.entry
            return begun

    def write(self, held: Entry, after: Entry) -> bool:
        """See Ledger."""
        with self._lock:
            entry = self.entries[held.id]
            mine = (entry.carrier, entry.begun_at) == (held.carrier, held.begun_at)
            if not mine or entry.status is not Status.IN_PROGRESS:
                return False
            self.entries[held.id] = after
            return True


def _free(entry: Entry, claim: Claim) -> bool:
    if entry.fingerprint != claim.fingerprint:
        return False
    lapsed = entry.status is Status.IN_PROGRESS and entry.lease_until < claim.now
    return lapsed or entry.status is Status.WAITING
