"""What the page shows: the operator's status, the bank's books, and what has moved so far."""

import threading
import time
from collections import Counter
from decimal import Decimal

import msgspec

from control.place import Place
from control.stack import Stack
from control.status import Status, read_status
from local.access import Access
from local.bank.books import Booking
from local.project import STACK
from local.tap import Tap

FRESH = 0.5
"""Seconds for which one look serves every open page."""

LAST = 8
"""Bookings shown."""


class Bank(msgspec.Struct, frozen=True, kw_only=True):
    """The bank's side: what is wrong with it, and its books."""

    broken: str
    calls: int
    bookings: int
    money: Decimal
    last: list[Booking]


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """Messages of one service since the page's system started; the page animates the growth."""

    arrived: int
    called: int
    ended: dict[str, int]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One picture of the system."""

    at: float
    status: Status
    bank: Bank
    moved: dict[str, Moved]


def stack_of(access: Access) -> Stack:
    """The local stack as an operator's command sees it, as root and without its state file."""
    session = access.emulator.session()
    return Stack(
        Place(
            stack=STACK,
            account=access.emulator.account_id,
            region=access.emulator.region,
            caller="page",
            role=None,
            session=session,
            options={},
        )
    )


def service_of(key: str) -> str:
    """Who called the bank: the ledger's key, by which it asks, begins with the service."""
    return key.partition("#")[0]


class Observer:
    """Looks at the system, at most twice a second however many pages are open."""

    def __init__(self, access: Access, tap: Tap) -> None:
        self._access, self._tap = access, tap
        self._stack = stack_of(access)
        self._lock = threading.Lock()
        self._ended: dict[str, Counter[str]] = {name: Counter() for name in access.outputs.services}
        self._called: Counter[str] = Counter()
        self._bookings: list[Booking] = []
        self._calls = 0
        self._look: Look | None = None

    def look(self) -> Look:
        """The newest picture."""
        with self._lock:
            if self._look is None or time.time() - self._look.at > FRESH:
                self._look = self._taken()
            return self._look

    def _taken(self) -> Look:
        status = read_status(self._stack)
        for outcome in self._tap.read():
            self._ended.setdefault(outcome.service, Counter())[outcome.outcome] += 1
        bank = self._read_bank()
        waiting = {service.service: service.depth for service in status.services}
        moved = {
            name: Moved(
                arrived=sum(ended.values()) + waiting.get(name, 0),
                called=self._called[name],
                ended=dict(ended),
            )
            for name, ended in self._ended.items()
        }
        return Look(at=time.time(), status=status, bank=bank, moved=moved)

    def _read_bank(self) -> Bank:
        bank = self._access.bank
        new = bank.books(calls_from=self._calls, bookings_from=len(self._bookings))
        self._calls += len(new.calls)
        self._called.update(service_of(call.key) for call in new.calls)
        self._bookings += new.bookings
        return Bank(
            broken=", ".join(fault.kind for fault in bank.faults()),
            calls=self._calls,
            bookings=len(self._bookings),
            money=sum((one.amount or Decimal(0) for one in self._bookings), Decimal(0)),
            last=self._bookings[: -LAST - 1 : -1],
        )
