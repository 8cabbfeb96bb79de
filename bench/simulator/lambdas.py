"""A model of Lambda: warm workers, and the event source mapping that feeds them.

What is modelled, and where it is said (https://docs.aws.amazon.com/lambda/latest/dg/):
- a mapping polls, invokes up to its MaximumConcurrency, deletes what is not reported as failed and
  leaves the rest to its visibility timeout (services-sqs-errorhandling.html);
- it starts with few concurrent invocations and adds more each minute (services-sqs-scaling.html);
- a change takes a while; until then an enabled mapping goes on delivering, and another change is
  refused (UpdateEventSourceMapping: ResourceInUseException). AWS gives no figure: here a range;
- which warm worker gets an invocation is not said; here any idle one, with equal chances.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from bench.simulator.deaths import Crash
from bench.simulator.engine import Engine
from bench.simulator.queue import Message, Queue
from handlers.subscription_manager.ports import MappingBusy, MappingView

POLL = 0.02
"""Seconds between a message's arrival and its invocation."""

FIRST, MORE = 5, 5.0
"""Concurrent invocations at the start of polling, and more of them each second."""

IDLE = 600.0
"""Seconds after which an idle worker is not there any more."""

COLD_START = 0.6
"""Seconds."""


class Worker(Protocol):
    """One execution environment."""

    def batch(self, records: list[dict[str, Any]], remaining: float) -> set[str]:
        """Works a batch; the ids of the messages that were not worked off."""
        ...


W = TypeVar("W", bound=Worker)


@dataclass(slots=True, eq=False)
class Environment(Generic[W]):
    """A worker and when it was last at work."""

    worker: W
    used_at: float


class Fleet(Generic[W]):
    """The execution environments of one function.

    Args:
        engine: The clock.
        make: Makes a worker: a new process, with empty caches.
        warm: Workers that are there at the beginning.
        rng: Which idle one is chosen.
    """

    def __init__(
        self, engine: Engine, make: Callable[[], W], *, warm: int, rng: random.Random
    ) -> None:
        self._engine, self._make, self._rng = engine, make, rng
        self._idle = [Environment(make(), engine.now) for _ in range(warm)]
        self.made = warm

    def take(self) -> Environment[W]:
        """An idle worker, else a new one after its cold start."""
        while self._idle:
            chosen = self._rng.randrange(len(self._idle))
            self._idle[chosen], self._idle[-1] = self._idle[-1], self._idle[chosen]
            one = self._idle.pop()
            if self._engine.now - one.used_at <= IDLE:
                return one
        self.made += 1
        self._engine.sleep(COLD_START)
        return Environment(self._make(), self._engine.now)

    def give_back(self, one: Environment[W]) -> None:
        """It is idle again."""
        one.used_at = self._engine.now
        self._idle.append(one)


class Mapping(Generic[W]):
    """An event source mapping; also the manager's view of it (see ports.Mappings).

    Args:
        engine: The clock.
        queue: What it polls.
        fleet: What it invokes.
        concurrency: MaximumConcurrency at the beginning.
        most: Workers that the account lets run at once.
        timeout: Of the function, in seconds.
        delay: Seconds that a change takes.
    """

    def __init__(  # noqa: PLR0913 - a mapping's settings
        self,
        engine: Engine,
        queue: Queue,
        fleet: Fleet[W],
        *,
        concurrency: int,
        most: int,
        timeout: float,
        delay: Callable[[], float],
    ) -> None:
        self._engine, self._queue, self._fleet = engine, queue, fleet
        self._concurrency, self._most, self._timeout = concurrency, most, timeout
        self._delay = delay
        self._delivers, self._since = True, -1e9
        self._running = 0
        self._pumping = False
        self.state = "Enabled"
        self.invocations = self.errors = 0
        self.failed_receives = 0
        queue.listener = self._poll_soon

    def view(self, mapping: str) -> MappingView:
        """See ports.Mappings."""
        del mapping
        return MappingView(state=self.state, concurrency=self._concurrency)

    def change(self, mapping: str, *, enabled: bool, concurrency: int) -> None:
        """See ports.Mappings."""
        del mapping
        if self.state.endswith("ing"):
            raise MappingBusy("ResourceInUseException")
        if not enabled:
            self.state = "Disabling"
        elif self.state == "Disabled":
            self.state = "Enabling"
        else:
            self.state = "Updating"
        self._engine.at(self._engine.now + self._delay(), lambda: self._set(enabled, concurrency))

    def _set(self, enabled: bool, concurrency: int) -> None:
        if enabled and not self._delivers:
            self._since = self._engine.now
        self.state = "Enabled" if enabled else "Disabled"
        self._delivers, self._concurrency = enabled, concurrency
        self._poll_soon()

    def _poll_soon(self) -> None:
        if not self._pumping and self._delivers:
            self._pumping = True
            self._engine.at(self._engine.now + POLL, self._poll)

    def _poll(self) -> None:
        self._pumping = False
        while self._delivers and self._queue.ready:
            scaled = FIRST + MORE * (self._engine.now - self._since)
            if self._running >= min(self._concurrency, self._most):
                return
            if self._running >= scaled:
                self._pumping = True
                self._engine.at(self._engine.now + 1.0, self._poll)
                return
            messages = self._queue.receive(10)
            if messages:
                self._running += 1
                self._engine.start(lambda messages=messages: self._invoke(messages))

    def _invoke(self, messages: list[Message]) -> None:
        self.invocations += 1
        one = self._fleet.take()
        receipts = {message.id: message.receipt for message in messages}
        try:
            failed = one.worker.batch([record(message) for message in messages], self._timeout)
        except Crash:
            self.errors += 1
            failed = set(receipts)
        else:
            self._fleet.give_back(one)
        for carrier, receipt in receipts.items():
            if carrier not in failed:
                self._queue.delete(receipt)
        self.failed_receives += len(failed)
        self._running -= 1
        self._poll_soon()


def record(message: Message) -> dict[str, Any]:
    """A message as Lambda's event has it.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt,
        "body": message.body,
        "attributes": {
            "MessageGroupId": message.group,
            "SentTimestamp": str(int(message.sent_at * 1000)),
            "ApproximateReceiveCount": str(message.receives),
        },
        "messageAttributes": {
            name: {"stringValue": value, "dataType": "String"}
            for name, value in message.attributes.items()
        },
    }
