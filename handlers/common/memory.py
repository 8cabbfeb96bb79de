"""Circuits and ledgers in memory: for a container started alone, for tests, for the simulator."""

from threading import Lock

from msgspec.structs import replace

from handlers.common.circuit import Circuit
from handlers.common.circuit_store import Signs, View
from handlers.common.ledger import (
    Begun,
    Claim,
    Entry,
    Reason,
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
                ended = judged(before, claim)
                if ended is not None:
                    return Begun(entry=ended, before=ended)
                begun = reopened(before, claim)
            self.entries[claim.id] = begun.entry
            return begun

    def hand_back(self, begun: Begun, *, sent: bool, failed_at: float | None = None) -> None:
        """See Ledger."""
        self._put(
            begun,
            status=Status.WAITING,
            attempt=begun.entry.attempt - 1,
            called_at=begun.entry.called_at if sent else begun.called_before,
            failed_at=failed_at or begun.entry.failed_at,
        )

    def keep_failure(self, begun: Begun, first_failure_at: float, failed_at: float | None) -> None:
        """See Ledger."""
        self._put(
            begun,
            status=Status.WAITING,
            first_failure_at=first_failure_at,
            failed_at=failed_at or begun.entry.failed_at,
        )

    def decide(self, begun: Begun, end: Status, reason: Reason) -> Begun:
        """See Ledger."""
        self._put(begun, end=end, code=reason.code, detail=reason.detail)
        return replace(begun, entry=self.entries[begun.entry.id])

    def finish(self, begun: Begun, end: Status, reference: str | None = None) -> None:
        """See Ledger."""
        self._put(begun, status=end, reference=reference)

    def _put(self, begun: Begun, **changes: object) -> None:
        with self._lock:
            entry = self.entries[begun.entry.id]
            mine = (entry.carrier, entry.begun_at) == (begun.entry.carrier, begun.entry.begun_at)
            if mine and entry.status is Status.IN_PROGRESS:
                self.entries[entry.id] = replace(entry, **changes)


def _free(entry: Entry, claim: Claim) -> bool:
    if entry.fingerprint != claim.fingerprint:
        return False
    lapsed = entry.status is Status.IN_PROGRESS and entry.lease_until < claim.now
    return lapsed or entry.status is Status.WAITING
