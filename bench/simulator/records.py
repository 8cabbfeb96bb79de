"""The manager's records in memory, as strict as those in DynamoDB: for tests and the simulator."""

from threading import RLock

from msgspec.structs import replace

from handlers.common.circuit.state import Circuit
from handlers.common.memory import MemoryCircuitStore
from handlers.subscription_manager.records import (
    PAGE,
    Applied,
    Notes,
    Order,
    Redrive,
    Transition,
)


class MemoryRecords:
    """Records in one process."""

    def __init__(self, circuits: MemoryCircuitStore) -> None:
        self._circuits = circuits
        self._lock = RLock()
        self._leases: dict[tuple[str, str], tuple[str, float]] = {}
        self._marks: dict[tuple[str, str], float] = {}
        self._notes: dict[str, Notes] = {}
        self._redrives: dict[str, Redrive] = {}

    def lease(self, service: str, name: str = "lease") -> tuple[str, float] | None:
        """Owner and end of a lease, as the worker reads it before a probe."""
        return self._leases.get((service, name))

    def take_lease(self, service: str, name: str, owner: str, now: float, until: float) -> bool:
        """See Records."""
        with self._lock:
            held = self._leases.get((service, name))
            if held and held[0] != owner and held[1] >= now:
                return False
            self._leases[service, name] = (owner, until)
            return True

    def keep_lease(self, service: str, name: str, owner: str, until: float) -> bool:
        """See Records."""
        with self._lock:
            held = self._leases.get((service, name))
            if not held or held[0] != owner:
                return False
            self._leases[service, name] = (owner, until)
            return True

    def free_lease(self, service: str, name: str, owner: str) -> None:
        """See Records."""
        with self._lock:
            held = self._leases.get((service, name))
            if held and held[0] == owner:
                del self._leases[service, name]

    def apply(self, before: Circuit, after: Circuit, order: Order) -> Applied:
        """See Records."""
        with self._lock:
            if not self._newer(before.service, order):
                return Applied.STALE
            if not self._circuits.write(before, after):
                return Applied.RACED
            return Applied.DONE if self.note(before.service, order) else Applied.STALE

    def note(self, service: str, order: Order) -> bool:
        """See Records."""
        with self._lock:
            if not self._newer(service, order):
                return False
            self._marks[service, order.kind] = order.at
            return True

    def notes(self, service: str) -> Notes:
        """See Records."""
        return self._notes.get(service, Notes())

    def note_announced(self, service: str, generation: int) -> None:
        """See Records."""
        with self._lock:
            notes = self.notes(service)
            newest = max(notes.announced, generation)
            self._notes[service] = replace(notes, announced=newest)

    def note_head(self, service: str, sent_at: float | None) -> None:
        """See Records."""
        with self._lock:
            self._notes[service] = replace(self.notes(service), head_sent_at=sent_at)

    def transitions(self, service: str, above: int) -> list[Transition]:
        """See Records."""
        return [
            Transition(
                generation=after.generation,
                from_state=before.state,
                to_state=after.state,
                at=after.since,
                left_closed_at=after.left_closed_at,
                who=after.who,
                why=after.why,
                cause=after.cause,
                cool_down=after.cool_down,
                hold_until=after.hold_until,
            )
            for before, after in list(self._circuits.history)
            if after.service == service and after.generation > above
        ][:PAGE]

    def start_redrive(self, service: str, redrive: Redrive) -> bool:
        """See Records."""
        with self._lock:
            present = self._redrives.get(service)
            if present and present.at >= redrive.at:
                return False
            self._redrives[service] = redrive
            return True

    def redrive(self, service: str) -> Redrive | None:
        """See Records."""
        return self._redrives.get(service)

    def update_redrive(self, service: str, redrive: Redrive) -> bool:
        """See Records."""
        with self._lock:
            present = self._redrives.get(service)
            if present is None or present.at != redrive.at:
                return False
            self._redrives[service] = redrive
            return True

    def _newer(self, service: str, order: Order) -> bool:
        return order.at > self._marks.get((service, order.kind), float("-inf"))
