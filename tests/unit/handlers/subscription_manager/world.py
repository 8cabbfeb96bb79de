"""A whole small AWS in memory, on a clock that only the test moves.

Every call of the manager goes through a Tap, which can fail it, kill the process at it, or let
something else happen first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from handlers.common.circuit.events import Alarm, Trip, Verdict
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.state import VERSION, Circuit, State
from handlers.common.circuit.store import View
from handlers.common.errors import AwsUnavailable, Cause
from handlers.common.memory import MemoryCircuitStore
from handlers.subscription_manager.manager import Manager
from handlers.subscription_manager.memory import MemoryRecords
from handlers.subscription_manager.notices import Notice
from handlers.subscription_manager.ports import (
    Counts,
    Letter,
    MappingBusy,
    MappingView,
    Ports,
    ProbeAnswer,
)
from handlers.subscription_manager.records import Applied, Order
from handlers.subscription_manager.settings import Managed
from tests.unit.handlers.rules import FIRST_FAILURE

RULES = replace(FIRST_FAILURE, ramp=90)
RETENTION = 14 * 24 * 3600.0
FULL = 20


def managed(service: str, timeout: float = 30) -> Managed:
    return Managed(
        service=service,
        function=f"fn-{service}",
        mapping=f"mapping-{service}",
        queue=f"https://sqs/{service}.fifo",
        dead_letter_queue=f"https://sqs/{service}-dlq.fifo",
        concurrency=FULL,
        alarm=f"{service}-errors",
        timeout=timeout,
    )


PAYMENTS, SETUP = managed("payments"), managed("setup")


class Killed(BaseException):
    """The process is gone: neither `except Exception` nor a later call sees anything of it."""


class Tap:
    """One process's calls to the outside, counted, and broken on command."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.dead = False
        self.kill_before: int | None = None
        self.kill_after: int | None = None
        self.fail: Callable[[int, str], bool] = lambda _number, _name: False
        self.before: Callable[[int, str], None] = lambda _number, _name: None

    def through(self, name: str, port: object) -> Any:  # noqa: ANN401 - stands for any port
        return _Tapped(self, name, port)

    def call(self, name: str, work: Callable[[], object]) -> object:
        if self.dead:
            raise Killed
        number = len(self.calls)
        self.calls.append(name)
        self.before(number, name)
        self._maybe_killed(self.kill_before == number)
        if self.fail(number, name):
            raise AwsUnavailable(f"{name} failed")
        result = work()
        self._maybe_killed(self.kill_after == number)
        return result

    def _maybe_killed(self, now: bool) -> None:
        if now:
            self.dead = True
            raise Killed


class _Tapped:
    def __init__(self, tap: Tap, name: str, port: object) -> None:
        self._tap, self._name, self._port = tap, name, port

    def __getattr__(self, method: str) -> Callable[..., object]:
        work = getattr(self._port, method)
        name = f"{self._name}.{method}"
        return lambda *args, **kwargs: self._tap.call(name, lambda: work(*args, **kwargs))


@dataclass
class Mappings:
    """Mappings that take some time to change, and are busy meanwhile."""

    clock: Callable[[], float]
    transition: float = 0.0
    enabled: dict[str, bool] = field(default_factory=dict[str, bool])
    concurrency: dict[str, int] = field(default_factory=dict[str, int])
    settled_at: dict[str, float] = field(default_factory=dict[str, float])
    changes: list[tuple[str, bool, int]] = field(default_factory=list[tuple[str, bool, int]])

    def view(self, mapping: str) -> MappingView:
        moving = self.clock() < self.settled_at.get(mapping, 0.0)
        words = {(True, False): "Enabled", (True, True): "Enabling", (False, False): "Disabled"}
        state = words.get((self.enabled.get(mapping, True), moving), "Disabling")
        return MappingView(state=state, concurrency=self.concurrency.get(mapping, FULL))

    def change(self, mapping: str, *, enabled: bool, concurrency: int) -> None:
        if self.clock() < self.settled_at.get(mapping, 0.0):
            raise MappingBusy("ResourceInUseException")
        self.enabled[mapping], self.concurrency[mapping] = enabled, concurrency
        self.settled_at[mapping] = self.clock() + self.transition
        self.changes.append((mapping, enabled, concurrency))


@dataclass
class Queues:
    counted: dict[str, Counts] = field(default_factory=dict[str, Counts])
    ages: dict[str, float] = field(default_factory=dict[str, float])

    def counts(self, url: str) -> Counts:
        return self.counted.get(url, Counts(visible=0, in_flight=0, delayed=0))

    def age(self, url: str) -> float | None:
        return self.ages.get(url)


@dataclass
class Prober:
    """The worker's side: obeys only the lease's owner, and notes who probes when."""

    world: "World"
    verdict: Verdict = Verdict.WELL
    sent_at: float | None = None
    probes: list[tuple[str, int, str]] = field(default_factory=list[tuple[str, int, str]])
    running: int = 0
    most_running: int = 0
    meanwhile: Callable[[], None] = lambda: None

    def probe(self, managed: Managed, generation: int, lease: str) -> ProbeAnswer:
        held = self.world.records.lease(managed.service)
        if held is None or held[0] != lease:
            return ProbeAnswer(verdict=Verdict.UNDECIDED, why="the lease is another's")
        self.running += 1
        self.most_running = max(self.running, self.most_running)
        self.probes.append((managed.service, generation, lease))
        try:
            self.meanwhile()
        finally:
            self.running -= 1
        return ProbeAnswer(verdict=self.verdict, why="asked", sent_at=self.sent_at)


@dataclass
class Alarms:
    fired: dict[str, Alarm] = field(default_factory=dict[str, Alarm])

    def firing(self, name: str, now: float) -> Alarm | None:
        del now
        return self.fired.get(name)


@dataclass
class Notifications:
    sent: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def publish(self, subject: str, content: Notice) -> None:
        assert subject
        self.sent.append(msgspec.to_builtins(content))

    def generations(self, service: str) -> list[int]:
        return [
            content["generation"]
            for content in self.sent
            if content["kind"] == "transition" and content["service"] == service
        ]


@dataclass
class Letters:
    """A FIFO dead-letter queue with hiding, and a source queue that drops repeated ids.

    While one letter of a group is hidden, SQS gives none of the group.
    """

    clock: Callable[[], float]
    waiting: list[Letter] = field(default_factory=list[Letter])
    hidden_until: dict[str, float] = field(default_factory=dict[str, float])
    sent: list[tuple[str, Letter, str]] = field(default_factory=list[tuple[str, Letter, str]])
    sent_at: dict[str, float] = field(default_factory=dict[str, float])

    def receive(self, url: str, hidden: float) -> list[Letter]:
        del url
        now = self.clock()
        hidden_ones = [one for one in self.waiting if self.hidden_until.get(one.id, 0.0) > now]
        blocked = {one.group for one in hidden_ones}
        found = [one for one in self.waiting if one.group not in blocked][:10]
        self.hidden_until |= dict.fromkeys([one.id for one in found], now + hidden)
        return found

    def send_back(self, url: str, letter: Letter, redrive_id: str) -> None:
        now = self.clock()
        if now - self.sent_at.get(redrive_id, float("-inf")) >= 300:
            self.sent.append((url, letter, redrive_id))
        self.sent_at[redrive_id] = now

    def delete(self, url: str, letter: Letter) -> None:
        del url
        self.waiting.remove(letter)

    def hide(self, url: str, letter: Letter, seconds: float) -> None:
        del url
        self.hidden_until[letter.id] = self.clock() + seconds


@dataclass
class Precedence:
    overtaken_letters: set[str] = field(default_factory=set[str])

    def overtaken(self, service: str, letter: Letter) -> bool:
        del service
        return letter.id in self.overtaken_letters


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
        self.prober = Prober(self)
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


def sns_event(*messages: tuple[str, float]) -> dict[str, Any]:
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "Sns": {
                    "MessageId": f"message-{number}",
                    "Message": text,
                    "Timestamp": datetime.fromtimestamp(at, UTC)
                    .isoformat(timespec="milliseconds")
                    .replace("+00:00", "Z"),
                    "TopicArn": "arn:aws:sns:us-east-2:123456789012:control",
                },
            }
            for number, (text, at) in enumerate(messages)
        ]
    }
