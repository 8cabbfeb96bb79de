"""A service whose ledger can be brought back to an older moment."""

from dataclasses import dataclass, field
from typing import Any

from handlers.common.circuit.events import Enable
from handlers.common.ledger.entries import Entry, Status
from handlers.common.ledger.guard import GuardedLedger, Identity
from handlers.common.memory import MemoryLedger
from tests.unit.handlers.common.figures import SERVICE
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.world import World
from tests.unit.handlers.rules import FIRST_FAILURE

DAY = 86_400.0


@dataclass
class Tables:
    """The table that is there, and what was noted of it."""

    table: str = "first"
    noted: dict[str, Identity] = field(default_factory=dict[str, Identity])
    looks: int = 0

    def actual(self) -> str:
        self.looks += 1
        return self.table

    def known(self, service: str, first: str) -> Identity:
        return self.noted.setdefault(service, Identity(table=first))


class Restored:
    """A service whose ledger can be brought back; `guarded` is the code as it is deployed."""

    def __init__(self, *, guarded: bool = True) -> None:
        self.world, self.tables, self.entries = World(FIRST_FAILURE), Tables(), MemoryLedger()
        self.guarded = guarded
        self._kept: dict[str, Entry] = {}
        self._kept_at = 0.0
        self.restart()

    def restart(self) -> None:
        guard: Any = GuardedLedger(self.entries, self.tables, SERVICE)
        self.world.ledger = guard if self.guarded else self.entries
        self.world.start()

    def keep(self) -> None:
        """The moment to which the ledger will be brought back."""
        self._kept, self._kept_at = dict(self.entries.entries), self.world.now

    def bring_back(self) -> None:
        self.entries.entries.clear()
        self.entries.entries.update(self._kept)
        self.tables.table = "second"

    def say_so(self, wrong_by: float = 0.0) -> None:
        """What an administrator notes, and the operator's `enable`."""
        moment = self._kept_at + wrong_by
        self.tables.noted[SERVICE] = Identity(table="second", restored_to=moment)
        before = self.world.circuit
        after = self.world.machine.after(before, Enable(who="ada"), self.world.now)
        assert after is not None
        assert self.world.store.write(before, after)
        self.world.now += 2

    def status(self, message: str) -> Status:
        return self.entries.entries[f"{SERVICE}#{message}"].status


def lost(*, guarded: bool = True) -> Restored:
    """m1 was paid before the moment, m2 after it; two days on, the bank knows no key any more."""
    restored = Restored(guarded=guarded)
    assert restored.world.batch(payment("m1")) == []
    restored.keep()
    restored.world.now += 60
    assert restored.world.batch(payment("m2", customer="c2")) == []
    restored.world.now += 2 * DAY
    restored.bring_back()
    return restored


def repeated(restored: Restored, message: str, customer: str) -> list[str]:
    return restored.world.batch(payment(message, customer=customer, carrier=f"again-{message}"))
