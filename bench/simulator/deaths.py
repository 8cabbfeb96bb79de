"""Workers' processes that die: with the image that they are of, or in the middle of a message."""

import math
import random
from dataclasses import dataclass
from enum import StrEnum

from bench.simulator.engine import Engine


class Crash(BaseException):
    """The process is gone: no `except Exception` in it sees anything of that."""


class Step(StrEnum):
    """Behind what a process dies.

    A rival has no ledger: there `ENTERED` is before its call. Nor does it tell of an outcome.
    """

    STARTED = "started"
    ENTERED = "entered in the ledger"
    ANSWERED = "answered by the bank"
    TOLD = "told of the outcome"


@dataclass(frozen=True, kw_only=True)
class Deaths:
    """How often workers die, and when. Times are seconds from the case's start.

    Attributes:
        share: Of all passages of the step.
    """

    step: Step
    share: float = 1.0
    start: float = 0.0
    end: float = math.inf


class Fate:
    """Decides each time a process passes a step; its chance is nobody else's."""

    def __init__(self, engine: Engine, deaths: Deaths | None, seed: int) -> None:
        self._engine, self._deaths = engine, deaths
        self._start, self._rng = engine.now, random.Random(seed)  # noqa: S311 - chance in a simulation
        self.moments: list[float] = []

    def passes(self, step: Step) -> None:
        """Raises Crash where the process dies here."""
        deaths, now = self._deaths, self._engine.now - self._start
        if deaths is None or deaths.step is not step or not deaths.start <= now < deaths.end:
            return
        if self._rng.random() < deaths.share:
            self.strike()

    def strike(self) -> None:
        """The process dies now."""
        self.moments.append(self._engine.now)
        raise Crash
