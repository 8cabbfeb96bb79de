"""A whole small AWS in memory, on a clock that only the test moves.

Every call of the manager goes through a Tap, which can fail it, kill the process at it, or let
something else happen first.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from bench.simulator.records import MemoryRecords
from handlers.common.circuit.events import Trip
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.state import VERSION, Circuit, State
from handlers.common.circuit.store import View
from handlers.common.errors import Cause
from handlers.common.memory import MemoryCircuitStore
from handlers.subscription_manager.manager import Manager
from handlers.subscription_manager.ports import Counts, Ports
from handlers.subscription_manager.records import Applied, Order
from handlers.subscription_manager.settings import Managed
from tests.unit.handlers.subscription_manager.messages import sns_event
from tests.unit.handlers.subscription_manager.outside import (
    Alarms,
    Letters,
    Mappings,
    Notifications,
    Precedence,
    Prober,
    Queues,
)
from tests.unit.handlers.subscription_manager.services import PAYMENTS, RETENTION, RULES
from tests.unit.handlers.subscription_manager.tap import Tap


class NewerImage:
    """A store as the next version of the image sees it: it understands ours and writes its own."""

    def __init__(self, store: Any) -> None:  # noqa: ANN401 - circuits or records
        self._store = store

    def __getattr__(self, method: str) -> Any:  # noqa: ANN401 - what a version does not change
        return getattr(self._store, method)

    def read(self, service: str) -> View:
        view: View = self._store.read(service)
        return View(circuit=replace(view.circuit, version=VERSION), signs=view.signs)

    def write(self, before: Circuit, after: Circuit) -> bool:
        return self._store.write(before, replace(after, version=VERSION + 1))

    def apply(self, before: Circuit, after: Circuit, order: Order) -> Applied:
        return self._store.apply(before, replace(after, version=VERSION + 1), order)


class World:
    """Everything outside of the manager."""

    def __init__(self, *services: Managed) -> None:
        self.now = 1_000_000.0
        self.services = services or (PAYMENTS,)
        self.machine = Machine(RULES, lambda: 0.0)
        self.circuits = MemoryCircuitStore()
        self.records = MemoryRecords(self.circuits)
        self.mappings = Mappings(self.clock)
        self.queues = Queues()
        self.prober = Prober(self.records)
        self.alarms = Alarms()
        self.notifications = Notifications()
        self.letters = Letters(self.clock)
        self.precedence = Precedence()
        self.metrics: list[tuple[str, float, str]] = []
        self.owners = 0
        self.newer = False

    def clock(self) -> float:
        return self.now

    def manager(self, tap: Tap | None = None, skew: float = 0.0) -> Manager:
        """A new process of the manager, whose clock is off by `skew` seconds.

        While `newer` is set, it is one of the next version's image.
        """
        tap = tap or Tap()
        image: Callable[[Any], Any] = NewerImage if self.newer else lambda store: store
        ports = Ports(
            circuits=tap.through("circuits", image(self.circuits)),
            records=tap.through("records", image(self.records)),
            mappings=tap.through("mappings", self.mappings),
            queues=tap.through("queues", self.queues),
            prober=tap.through("prober", self.prober),
            alarms=tap.through("alarms", self.alarms),
            notifications=tap.through("notifications", self.notifications),
            letters=tap.through("letters", self.letters),
            precedence=tap.through("precedence", self.precedence),
            emit=self._emit,
            clock=lambda: self.now + skew,
            pause=self._pass,
            new_owner=self._owner,
        )
        return Manager(ports, self.machine, self.services, RETENTION)

    def turn(self, tap: Tap | None = None, skew: float = 0.0) -> dict[str, Any]:
        """The schedule's turn, by a fresh process."""
        return self.ask({"action": "reconcile"}, tap, skew)

    def next_turn(self) -> dict[str, Any]:
        self.now += RULES.turn
        return self.turn()

    def ask(self, event: object, tap: Tap | None = None, skew: float = 0.0) -> dict[str, Any]:
        """A direct invocation."""
        answer = self.manager(tap, skew).handle(event, self.now + skew + 300)
        return msgspec.to_builtins(answer)

    def hear(self, *messages: tuple[str, float], tap: Tap | None = None) -> dict[str, Any]:
        """An SNS event of texts and SNS's times."""
        return msgspec.to_builtins(self.manager(tap).handle(sns_event(*messages), self.now + 300))

    def circuit(self, service: str = "payments") -> Circuit:
        return self.circuits.read(service).circuit

    def trip(self, service: str = "payments", cause: Cause = Cause.UNAVAILABLE) -> Circuit:
        """A worker trips: what its gate writes, without the message."""
        before = self.circuit(service)
        trip = Trip(generation=before.generation, cause=cause, why="503", who="worker")
        after = self.machine.after(before, trip, self.now)
        assert after is not None
        assert self.circuits.write(before, after)
        return after

    def agrees(self, service: Managed = PAYMENTS) -> bool:
        wanted = self.machine.wanted_mapping(self.circuit(service.service), service.concurrency)
        return self.mappings.view(service.mapping).agrees(*wanted)

    def force(self, state: State, service: str = "payments", **changes: object) -> Circuit:
        """Puts a circuit into a state, as if it had come there earlier."""
        before = self.circuit(service)
        after = Circuit(
            service=service,
            state=state,
            generation=before.generation + 1,
            since=self.now,
            **cast("Any", changes),
        )
        assert self.circuits.write(before, after)
        return after

    def waits(self, visible: int = 1, service: Managed = PAYMENTS) -> None:
        self.queues.counted[service.queue] = Counts(visible=visible, in_flight=0, delayed=0)

    def measured(self, name: str, service: str = "payments") -> list[float]:
        return [
            value for metric, value, whose in self.metrics if (metric, whose) == (name, service)
        ]

    def _emit(self, metrics: Mapping[str, tuple[float, str]], **dimensions: str) -> None:
        self.metrics += [
            (name, value, dimensions["service"]) for name, (value, _) in metrics.items()
        ]

    def _pass(self, seconds: float) -> None:
        self.now += seconds

    def _owner(self) -> str:
        self.owners += 1
        return f"owner-{self.owners}"
