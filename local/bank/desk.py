"""The bank's side of one call: authorise, meet the fault in force, know the key, book, answer."""

import asyncio
import time
from collections.abc import Callable
from typing import Literal

import msgspec

from local.bank.books import Booking, Books, Call
from local.bank.faults import Fault, Faults, Operation, fault_of_test_id
from local.bank.orders import (
    InvalidOrderError,
    Order,
    Payment,
    customer_of,
    fingerprint,
    read_order,
)

SETTINGS = "BANK_SETTINGS"
"""The variable that has a server's settings as JSON."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the bank is set up.

    Attributes:
        api_key: the key that callers must show; None checks nothing.
        key_memory: seconds that an idempotency key is remembered; afterwards the same key books
            again.
        slow_delay: seconds that a customer with SLOW in the id waits.
        health: what GET /health tells: the truth, or always one of the two answers.
    """

    api_key: str | None = None
    key_memory: float = 86400.0
    slow_delay: float = 1.0
    health: Literal["honest", "well", "unwell"] = "honest"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An HTTP answer: status, JSON-able body, more headers."""

    status: int
    body: dict[str, str]
    headers: dict[str, str] = {}


class _Remembered(msgspec.Struct, frozen=True):
    at: float
    fingerprint: str
    answer: Answer


class Desk:
    """Takes calls. An answer of None tells the server to cut the connection."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self.books = Books()
        self.faults = Faults()
        self._clock = clock
        self._memory: dict[str, _Remembered] = {}
        self._in_flight: set[str] = set()

    async def health(self) -> Answer:
        """Answer GET /health."""
        outage = self.faults.outage()
        if outage is not None and outage.kind == "slow":
            await asyncio.sleep(outage.delay)
            outage = None
        unwell = outage is not None if self.settings.health == "honest" else None
        if unwell or self.settings.health == "unwell":
            return Answer(status=503, body={"status": "unavailable"})
        return Answer(status=200, body={"status": "ok"})

    async def inquire(self, key: str, *, authorization: str) -> Answer | None:
        """Answer GET /v1/transactions/{key}: booked, never booked, or not known any more."""
        if (refusal := self._unauthorised(authorization)) is not None:
            return refusal
        if (fault := self.faults.take("transactions", "")) is not None:
            if fault.kind not in {"slow", "book_then_late"}:
                return self._failing(fault)
            await asyncio.sleep(fault.delay)
        first = self.books.first_call_at(key)
        if first is not None and self._clock() - first >= self.settings.key_memory:
            return _error(410, "forgotten", "the key is older than the memory of keys")
        remembered = self._memory.get(key)
        if remembered is None:
            return _error(404, "not_booked", "nothing was booked under this key")
        return Answer(status=200, body={"status": "booked", **remembered.answer.body})

    async def order(
        self, operation: Operation, body: bytes, *, key: str, authorization: str
    ) -> Answer | None:
        """Answer a POST; every one is written into the books, whatever becomes of it."""
        customer = customer_of(body)
        call = self.books.open_call(
            key=key, operation=operation, customer_id=customer, at=self._clock()
        )
        answer = self._unauthorised(authorization)
        if answer is None and not key:
            answer = _error(400, "invalid", "the Idempotency-Key header is missing")
        if answer is None:
            fault = self.faults.take(operation, customer) or fault_of_test_id(
                customer, self.settings.slow_delay
            )
            answer = await self._carry_out(call, body, fault)
        call.status = None if answer is None else answer.status
        return answer

    async def _carry_out(self, call: Call, body: bytes, fault: Fault | None) -> Answer | None:
        if fault is not None and fault.kind in {"fail", "cut"}:
            return self._failing(fault)
        if call.key in self._in_flight:
            return _error(409, "in_flight", "a call with this key is under way", retry_after="1")
        self._in_flight.add(call.key)
        try:
            if fault is not None and fault.kind == "slow":
                await asyncio.sleep(fault.delay)
            answer = self._book(call, body)
            if fault is None or fault.kind == "slow":
                return answer
            if fault.kind != "book_then_late":
                return self._failing(fault)
            await asyncio.sleep(fault.delay)
            return answer
        finally:
            self._in_flight.discard(call.key)

    def _book(self, call: Call, body: bytes) -> Answer:
        try:
            order = read_order(call.operation, body)
        except InvalidOrderError as error:
            return _error(400, "invalid", str(error))
        now = self._clock()
        known = self._memory.get(call.key)
        if known is not None and now - known.at < self.settings.key_memory:
            if known.fingerprint == fingerprint(body):
                return known.answer
            return _error(422, "idempotency_key_reused", "this key came with another body before")
        booking = self._enter(call, order, now)
        answer = Answer(status=201, body={"reference": booking.reference})
        self._memory[call.key] = _Remembered(now, fingerprint(body), answer)
        return answer

    def _enter(self, call: Call, order: Order, now: float) -> Booking:
        if isinstance(order, Payment):
            return self.books.book(call, at=now, amount=order.amount, fee=order.fee)
        return self.books.book(call, at=now, amount=None, fee=None)

    def _failing(self, fault: Fault) -> Answer | None:
        if fault.kind in {"cut", "book_then_cut"}:
            return None
        return Answer(
            status=fault.status,
            body={"code": fault.code, "message": "the bank was told to answer so"},
            headers=fault.headers(self._clock()),
        )

    def _unauthorised(self, authorization: str) -> Answer | None:
        key = self.settings.api_key
        if key is None or authorization == f"Bearer {key}":
            return None
        return _error(401, "unauthorized", "the API key is not the one in force")


def _error(status: int, code: str, message: str, *, retry_after: str | None = None) -> Answer:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Answer(status=status, body={"code": code, "message": message}, headers=headers)
