"""One case run with one system, and what came of it."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from bench.simulator.bank import Bank, Manners
from bench.simulator.case import Case, Result, Sample
from bench.simulator.deaths import Fate
from bench.simulator.engine import Engine
from bench.simulator.lambdas import Mapping
from bench.simulator.queue import Queue
from bench.simulator.stack import Stack, stack
from bench.simulator.truth import Truth

EPOCH = 1_600_000_000.0
"""Where simulated time begins: code that is run here may take 0 for 'never'."""

CLOSELY = 5.0
"""Seconds between two samples once all faults are over."""

LOOK = 30.0
"""Seconds between two looks whether all is done."""


class System(Protocol):
    """One service as a system under test builds it."""

    queue: Queue
    dead: Queue
    mapping: Mapping  # type: ignore[type-arg] # pyright: ignore[reportMissingTypeArgument] - of any worker
    fate: Fate

    @property
    def settled(self) -> bool:
        """Whether nothing is left to happen."""
        ...

    def report(self, result: Result, healed_at: float) -> None:
        """Adds what only this system knows."""
        ...

    def state(self) -> str:
        """The circuit's state now."""
        ...


Build = Callable[[Engine, Case, Stack, Bank, Truth, random.Random], System]


class World:
    """A case in motion."""

    def __init__(self, engine: Engine, case: Case, build: Build) -> None:
        self.case, self._engine = case, engine
        rng = random.Random(case.seed)  # noqa: S311 - chance in a simulation
        settings = stack(case.stack).changed(key_memory=case.manners.key_memory)
        self.bank = Bank(engine, _shifted(case.manners, engine.now), rng)
        self.truth = Truth(engine)
        self.system = build(engine, case, settings, self.bank, self.truth, rng)
        self._start = engine.now
        self._other = Truth(engine)
        if case.neighbour:
            self._add_neighbour(build, settings)
        self._samples: list[Sample] = []
        mended_at = self._start + case.mended_at if case.mended_at else 0.0
        self._healed_at = max(self.bank.healed_at, mended_at)
        self.truth.watch_from = self._healed_at or float("inf")
        self.truth.feed(
            self.system.queue,
            messages=case.messages,
            customers=case.customers,
            arrivals=case.arrivals,
            rng=rng,
            special=case.bad,
        )
        self._drained: float | None = None
        engine.at(engine.now + LOOK, self._look)
        if case.watch:
            engine.at(engine.now, self._sample)

    def _add_neighbour(self, build: Build, settings: Stack) -> None:
        """A second service with messages, a bank and chances of its own."""
        case, engine = self.case, self._engine
        rng = random.Random(case.seed + 1)  # noqa: S311 - chance in a simulation
        well = Bank(engine, Manners(latency=case.manners.latency), rng)
        nobody: frozenset[str] = frozenset()
        calm = replace(
            case, manners=Manners(), poison=nobody, deadly=nobody, defect=None, deaths=None
        )
        other = build(engine, calm, settings, well, self._other, rng)
        self._other.feed(
            other.queue,
            messages=case.neighbour,
            customers=case.customers,
            arrivals=case.arrivals,
            rng=rng,
        )
        self._heard: list[int] = []
        for moment in case.listened:
            engine.at(self._start + moment, lambda: self._heard.append(self._other.done))

    def run(self, name: str) -> Result:
        """Runs to the end and counts."""
        began = time.perf_counter()
        self._engine.run(self._start + self.case.until)
        result = Result(system=name, case=self.case.name)
        result.simulated = self._engine.now - self._start
        self._count(result)
        result.seconds = time.perf_counter() - began
        return result

    def _count(self, result: Result) -> None:
        system, books = self.system, self.bank.books
        self.truth.audit(result, system.queue, system.dead, books, self.case.bad)
        result.burned = system.mapping.failed_receives
        result.receives = system.queue.receives
        result.calls, result.failed_calls = books.calls, len(books.failed)
        result.in_flight = books.under_way_at_failure
        result.health_checks = books.health_checks
        result.deaths = len(system.fate.moments)
        if system.queue.expired:
            result.first_expired = system.queue.expired_at - self._start
        healed = self._healed_at
        if healed and self.truth.first_done is not None:
            result.first_done = self.truth.first_done - healed
        if healed and self._drained is not None:
            result.drained = max(self._drained - healed, 0.0)
        if self.case.neighbour:
            before, after = self._heard
            first, last = self.case.listened
            result.neighbour_rate = (after - before) / (last - first)
        system.report(result, healed)
        result.samples = self._samples

    def _look(self) -> None:
        now = self._engine.now
        over = now - self._start > self.case.arrivals and now >= self._healed_at
        if over and self.system.queue.total == 0:
            if self._drained is None:
                self._drained = now
            if self.system.settled:
                self._engine.stop()
                return
        elif self.system.queue.total:
            self._drained = None
        self._engine.at(now + LOOK, self._look)

    def _sample(self) -> None:
        books = self.bank.books
        self._samples.append(
            Sample(
                at=self._engine.now - self._start,
                backlog=self.system.queue.total,
                completed=self.truth.done,
                failed_calls=len(books.failed),
                burned=self.system.mapping.failed_receives,
                state=self.system.state(),
            )
        )
        self._engine.at(self._next_sample(), self._sample)

    def _next_sample(self) -> float:
        """One falls on the healing; after it they are close, for what then happens is quick."""
        now, watch = self._engine.now, self.case.watch
        if now < self._healed_at:
            return min(now + watch, self._healed_at)
        return now + min(watch, CLOSELY)


def simulate(case: Case, name: str, build: Build) -> Result:
    """One case with one system."""
    with Engine(EPOCH) as engine:
        return World(engine, case, build).run(name)


def _shifted(manners: Manners, start: float) -> Manners:
    outages = tuple(
        replace(one, start=start + one.start, end=start + one.end) for one in manners.outages
    )
    return replace(
        manners,
        outages=outages,
        keys=_keys_shifted(manners.keys, start),
        secrets=_keys_shifted(manners.secrets, start),
    )


def _keys_shifted(
    keys: tuple[tuple[float, str], ...], start: float
) -> tuple[tuple[float, str], ...]:
    """The first is there from the beginning of time."""
    return tuple((start + since if since else 0.0, key) for since, key in keys)
