"""Powertools' circuit_breaker as shipped, in an SQS consumer.

Its handler keeps its counters in the module, one set for each execution environment; so each
environment here gets a copy of the shipped module, with a clock that tells simulated time and the
shipped persistence layer over a dictionary in place of DynamoDB.
"""

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any

from aws_lambda_powertools.utilities import circuit_breaker as shipped
from aws_lambda_powertools.utilities.circuit_breaker.config import CircuitBreakerConfig
from aws_lambda_powertools.utilities.circuit_breaker.exceptions import CircuitBreakerOpenError
from aws_lambda_powertools.utilities.circuit_breaker.persistence.record import CircuitStateRecord
from aws_lambda_powertools.utilities.circuit_breaker.states import CircuitState

from bench.rivals.consumer import Failed, OneMessage, Rival
from bench.simulator.bank import Bank
from bench.simulator.case import Case, Result
from bench.simulator.engine import Engine
from bench.simulator.stack import Stack
from bench.simulator.truth import Truth
from handlers.common.errors import BankRejection

NAME = "bank"
FOLDER = Path(shipped.__file__).parent


class _Moment:
    """As much of datetime as the shipped code asks for."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.timestamp = clock


class _Time:
    """Stands in for the datetime module."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._moment = _Moment(clock)
        self.datetime = self

    def now(self) -> _Moment:
        """The present."""
        return self._moment


def _store_class(clock: _Time) -> type[Any]:
    """The shipped layer with its cache, over a dictionary that all environments share.

    The condition is the one of its DynamoDB layer: open, without an owner and not opened again
    since, or a lease that ran out.
    """
    shipped_layer = _copy("persistence/base.py", clock)

    class Records(shipped_layer.CircuitBreakerPersistenceLayer):
        def __init__(self, records: dict[str, CircuitStateRecord]) -> None:
            super().__init__()
            self._records = records

        def _get_record(self, name: str) -> CircuitStateRecord | None:
            return self._records.get(name)

        def _put_record(
            self,
            record: CircuitStateRecord,
            condition: str | None = None,
            expected_opened_at: int | None = None,
        ) -> None:
            if condition == "half_open" and not self._free(record.name, expected_opened_at):
                raise shipped_layer.CircuitBreakerExistingLockError
            self._records[record.name] = record

        def _update_record(self, record: CircuitStateRecord) -> None:
            self._records[record.name] = record

        def _free(self, name: str, expected_opened_at: int | None) -> bool:
            present = self._records.get(name)
            if present is None:
                return False
            if present.state == CircuitState.OPEN:
                same = expected_opened_at is None or present.opened_at == expected_opened_at
                return present.half_open_owner is None and same
            lease = present.probe_lease_expiry
            return lease is not None and lease <= int(clock.now().timestamp())

    return Records


class Powertools(Rival):
    """A consumer whose call is guarded by the shipped circuit breaker with its defaults."""

    def __init__(  # noqa: PLR0913, PLR0917 - a world's parts
        self,
        engine: Engine,
        case: Case,
        stack: Stack,
        bank: Bank,
        truth: Truth,
        rng: random.Random,
    ) -> None:
        self._records: dict[str, CircuitStateRecord] = {}
        self._config = CircuitBreakerConfig()
        self._time = _Time(engine.clock)
        self._store = _store_class(self._time)
        self._opened = False
        self._closed_at: float | None = None
        self._first_pause: float | None = None
        if case.opened:
            since = int(engine.now) - self._config.recovery_timeout
            opened = CircuitStateRecord(name=NAME, state=CircuitState.OPEN, opened_at=since)
            self._records[NAME] = opened
            self._opened = True
        super().__init__(engine, case, stack, bank, truth, rng)

    def state(self) -> str:
        """See System."""
        record = self._records.get(NAME)
        return record.state.value.lower() if record else "closed"

    def report(self, result: Result, healed_at: float) -> None:
        """See System."""
        super().report(result, healed_at)
        if self._first_pause is not None:
            result.events["first_pause"] = self._first_pause
        if self._closed_at is not None and healed_at and self.state() == "closed":
            result.closed = max(self._closed_at - healed_at, 0.0)
        elif healed_at and not self._opened:
            result.closed = 0.0

    def worker(self) -> OneMessage:
        """See Rival."""
        module = _copy("base.py", self._time)
        records = self._store(self._records)
        call = self.client()

        def guarded(message: dict[str, Any]) -> str:
            """A rejection is an answer: it must not count as a failure of the bank."""
            try:
                call(message)
            except BankRejection:
                return "rejected"
            return "completed"

        def work(message: dict[str, Any]) -> None:
            handler = module.CircuitBreakerHandler(
                guarded,
                NAME,
                self._config,
                records,
                on_transition=self._moved,
                function_args=(message,),
            )
            try:
                end = handler.handle()
            except CircuitBreakerOpenError as error:
                self.events["rejected_calls"] += 1
                raise Failed from error
            except Exception as error:
                raise Failed from error
            self.truth.end(message["message_id"], end)

        return work

    def _moved(self, transition: Any) -> None:  # noqa: ANN401 - the shipped CircuitTransition
        key = f"{transition.from_state.value}>{transition.to_state.value}".lower()
        self.events[key] += 1
        if transition.to_state == CircuitState.CLOSED:
            self._closed_at = self.engine.now
        else:
            self._opened = True
            self._closed_at = None
            self._first_pause = self._first_pause or self.engine.now - self.start


@cache
def _code(name: str) -> CodeType:
    return compile((FOLDER / name).read_text(), str(FOLDER / name), "exec")


def _copy(name: str, clock: _Time) -> ModuleType:
    """A fresh copy of a shipped module, as a new environment imports it, with our clock in it."""
    module = ModuleType("shipped." + name.removesuffix(".py").replace("/", "."))
    # Evaluated like an import, but compiled once: there may be a thousand environments.
    exec(_code(name), module.__dict__)  # noqa: S102 - the shipped code itself
    module.__dict__["dt"] = clock
    # Lambda works an environment's invocations in one thread; the simulator in any.
    module.__dict__["_PROBE_OWNER"] = SimpleNamespace()
    return module
