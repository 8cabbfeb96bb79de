"""AWS and the workers in memory, behind the manager's ports."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bench.simulator.records import MemoryRecords
from handlers.common.circuit.events import Alarm, Verdict
from handlers.common.circuit.probes import ProbeAnswer
from handlers.subscription_manager.notices import Notice
from handlers.subscription_manager.ports import (
    Counts,
    Letter,
    MappingBusy,
    MappingView,
)
from handlers.subscription_manager.settings import Managed
from tests.unit.handlers.subscription_manager.services import FULL


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

    records: MemoryRecords
    verdict: Verdict = Verdict.WELL
    sent_at: float | None = None
    probes: list[tuple[str, int, str]] = field(default_factory=list[tuple[str, int, str]])
    running: int = 0
    most_running: int = 0
    meanwhile: Callable[[], None] = lambda: None

    def probe(self, managed: Managed, generation: int, lease: str) -> ProbeAnswer:
        held = self.records.lease(managed.service)
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
