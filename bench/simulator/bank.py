"""A bank that breaks to order and keeps its books, behind the HTTP pool of the real bank client.

It remembers idempotency keys for as long as it is told to: the same key within that time is the
same booking, after that it is another one, which is the double charge that everybody fears.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from urllib3.exceptions import NewConnectionError, ReadTimeoutError

from bench.simulator.engine import Engine


@dataclass(frozen=True, kw_only=True)
class Outage:
    """When the bank is broken, and how.

    Attributes:
        kind: "500" answers so at once, "timeout" never answers, "refused" takes no connection.
        booked: Share of the calls that it books all the same before it fails.
    """

    start: float
    end: float
    kind: str = "500"
    booked: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Manners:
    """How a bank behaves. Times are seconds.

    Attributes:
        honest: Whether its health endpoint tells of an outage.
        stray: Share of calls that fail with 500 for no reason.
        breaks_on: It breaks on messages of these customers, always.
        key_memory: How long it remembers an idempotency key.
        tells: Whether it can say for ever what it has booked; else only while it remembers.
        keys: The API key that it takes, with the moment from which on it does.
        secrets: The same for what Secrets Manager holds.
    """

    outages: tuple[Outage, ...] = ()
    honest: bool = True
    stray: float = 0.0
    breaks_on: frozenset[str] = frozenset()
    latency: float = 0.1
    key_memory: float = 86_400.0
    tells: bool = True
    timeout: float = 10.0
    keys: tuple[tuple[float, str], ...] = ((0.0, "key"),)
    secrets: tuple[tuple[float, str], ...] = ((0.0, "key"),)


@dataclass(slots=True)
class Books:
    """What happened at the bank.

    Attributes:
        bookings: Moments at which each key was booked; two are a double charge.
        order: Keys in the order of their first booking.
        failed: Moments of calls that failed, health checks not among them.
    """

    bookings: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    order: list[str] = field(default_factory=list[str])
    calls: int = 0
    failed: list[float] = field(default_factory=list[float])
    refused: int = 0
    under_way: int = 0
    under_way_at_failure: int = 0
    health_checks: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """As much of urllib3's answer as the bank client reads."""

    status: int
    data: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Bank:
    """The bank; `request` has the shape of urllib3's pool."""

    def __init__(self, engine: Engine, manners: Manners, rng: random.Random) -> None:
        self._engine, self._manners, self._rng = engine, manners, rng
        self._remembered: dict[str, float] = {}
        self.books = Books()

    @property
    def outage(self) -> Outage | None:
        """The present one."""
        now = self._engine.now
        for one in self._manners.outages:
            if one.start <= now < one.end:
                return one
        return None

    @property
    def healed_at(self) -> float:
        """The end of the last outage, or of the use of a wrong key; 0 where there is none."""
        rotated = self._manners.secrets[-1][0]
        return max((one.end for one in self._manners.outages), default=rotated)

    def secret(self) -> str:
        """The key as Secrets Manager has it now."""
        return self._valid(self._manners.secrets)

    def _valid(self, keys: tuple[tuple[float, str], ...]) -> str:
        return [key for since, key in keys if since <= self._engine.now][-1]

    def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None,
        headers: Mapping[str, str],
        redirect: bool,
    ) -> Answer:
        """One HTTP request; raises what urllib3 would."""
        del redirect
        if url.endswith("/health"):
            self.books.health_checks += 1
            self._engine.sleep(self._manners.latency / 2)
            sick = self.outage is not None and self._manners.honest
            return _answer(503 if sick else 200, {"status": "sick" if sick else "ok"})
        if headers.get("Authorization") != f"Bearer {self._valid(self._manners.keys)}":
            self._engine.sleep(self._manners.latency / 2)
            self.books.refused += 1
            return _answer(401, {"code": "unauthorized"})
        if method == "GET":
            return self._inquiry(url.rsplit("/", 1)[-1].replace("%23", "#"))
        return self._call(headers["Idempotency-Key"], body or b"")

    def clear(self) -> None:
        """Closes the pool's connections; there are none here."""

    def _call(self, key: str, body: bytes) -> Answer:
        books = self.books
        books.calls += 1
        books.under_way += 1
        try:
            self._wait(key)
            customer = msgspec.json.decode(body).get("customer_id", "")
            if (outage := self.outage) is not None:
                if self._rng.random() < outage.booked:
                    self._book(key)
                raise _Broken  # noqa: TRY301 - a failure ends here, like those that _wait raises
            if customer in self._manners.breaks_on or self._rng.random() < self._manners.stray:
                raise _Broken  # noqa: TRY301 - the same
            self._book(key)
            return _answer(201, {"reference": key})
        except (_Broken, ReadTimeoutError, NewConnectionError) as error:
            self._failed()
            if isinstance(error, _Broken):
                return _answer(500, {"code": "internal"})
            raise
        finally:
            books.under_way -= 1

    def _wait(self, key: str) -> None:
        """The way there and back; raises where no answer comes."""
        outage = self.outage
        if outage is not None and outage.kind == "refused":
            raise NewConnectionError(None, "refused")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - the pool is only quoted
        if outage is not None and outage.kind == "timeout":
            if self._rng.random() < outage.booked:
                self._book(key)
            self._engine.sleep(self._manners.timeout)
            raise ReadTimeoutError(None, "", "no answer")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - the same
        self._engine.sleep(self._manners.latency * self._rng.uniform(0.8, 1.2))

    def _failed(self) -> None:
        if not self.books.failed:
            self.books.under_way_at_failure = max(self.books.under_way - 1, 0)
        self.books.failed.append(self._engine.now)

    def _book(self, key: str) -> None:
        now = self._engine.now
        booked = self._remembered.get(key)
        if booked is not None and now - booked < self._manners.key_memory:
            return
        self._remembered[key] = now
        if key not in self.books.bookings:
            self.books.order.append(key)
        self.books.bookings.setdefault(key, []).append(now)

    def _inquiry(self, key: str) -> Answer:
        self.books.calls += 1
        self._engine.sleep(self._manners.latency / 2)
        if self.outage is not None:
            self._failed()
            return _answer(500, {"code": "internal"})
        now = self._engine.now
        booked = self._remembered.get(key)
        known = booked is not None and (
            self._manners.tells or now - booked < self._manners.key_memory
        )
        if known:
            return _answer(200, {"status": "booked", "reference": key})
        if self._manners.tells:
            return _answer(404, {"code": "not_booked"})
        return _answer(410, {"code": "forgotten"})


class _Broken(Exception):
    """Inside the bank something fell over."""


def _answer(status: int, body: dict[str, Any]) -> Answer:
    return Answer(status, msgspec.json.encode(body))
