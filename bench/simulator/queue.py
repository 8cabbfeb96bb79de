"""A model of one SQS FIFO queue, as far as its rules decide what becomes of a message.

Sources, all under https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/:
groups in order, one blocked while any of its messages is in flight
(FIFO-queues-understanding-logic.html); visibility and receive counts
(sqs-visibility-timeout.html); the move to the dead-letter queue at the receive after the last one
that was allowed (sqs-dead-letter-queues.html); five minutes of deduplication
(using-messagededuplicationid-property.html); retention (quotas-messages.html): that a message in
flight does not outlive it is our reading. A test runs the same schedules here and on the embedded
AWS.
"""

import heapq
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from bench.simulator.engine import Engine

DEDUPLICATION = 300.0
"""Seconds."""


@dataclass(slots=True, eq=False, kw_only=True)
class Message:
    """One message. `receipt` is that of its last receive; `hidden_until` counts while in flight."""

    id: str
    body: str
    group: str
    sent_at: float
    attributes: dict[str, str]
    order: int
    receives: int = 0
    receipt: str = ""
    hidden_until: float = 0.0
    in_flight: bool = False
    gone: bool = False


@dataclass(slots=True, eq=False)
class _Group:
    messages: deque[Message] = field(default_factory=deque[Message])
    in_flight: int = 0
    listed: bool = False


class Queue:
    """One FIFO queue.

    Args:
        engine: The clock.
        visibility: Seconds that a received message stays hidden.
        retention: Seconds until a message expires.
        max_receives: Receives that a message may have; None for no redrive policy.
        dead_letters: Where it goes at the next receive.
        by_group: Whether a receive takes as many messages of one group as it can, as AWS says, or
            takes free groups' messages in the order of their arrival, as the embedded AWS does.
    """

    def __init__(  # noqa: PLR0913 - a queue's settings
        self,
        engine: Engine,
        *,
        visibility: float = 30.0,
        retention: float = 14 * 86_400.0,
        max_receives: int | None = None,
        dead_letters: "Queue | None" = None,
        by_group: bool = True,
    ) -> None:
        self._engine, self._visibility, self._retention = engine, visibility, retention
        self._max_receives, self._dead_letters = max_receives, dead_letters
        self._by_group = by_group
        self._groups: dict[str, _Group] = {}
        self._ready: list[tuple[int, str]] = []
        self._by_receipt: dict[str, Message] = {}
        self._by_age: deque[Message] = deque()
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._orders = 0
        self._receipts = 0
        self._expiry_planned = False
        self.total = 0
        self.in_flight = 0
        self.receives = 0
        self.expired: list[Message] = []
        self.expired_at = 0.0
        self.listener: Callable[[], None] | None = None

    @property
    def visible(self) -> int:
        """Messages that are not in flight; those behind one of their group count as visible."""
        return self.total - self.in_flight

    @property
    def messages(self) -> list[Message]:
        """All that are there, in flight or not, oldest first."""
        return [message for message in self._by_age if not message.gone]

    def send(
        self, body: str, group: str, deduplication: str, attributes: dict[str, str] | None = None
    ) -> Message | None:
        """Stores a message; None where one with its deduplication id came within five minutes."""
        now = self._engine.now
        self._forget_seen(now)
        if deduplication in self._seen:
            return None
        self._seen[deduplication] = now
        self._orders += 1
        message = Message(
            id=f"{id(self):x}-{self._orders}",
            body=body,
            group=group,
            sent_at=now,
            attributes=attributes or {},
            order=self._orders,
        )
        self._store(message)
        return message

    def receive(self, most: int) -> list[Message]:
        """Up to `most` messages of free groups, the oldest first within each."""
        taken = self._group_by_group(most) if self._by_group else self._by_arrival(most)
        if taken:
            self.receives += len(taken)
            self._hide(taken, self._visibility)
        return taken

    def _group_by_group(self, most: int) -> list[Message]:
        taken: list[Message] = []
        while self._ready and len(taken) < most:
            name, group = self._next_group()
            looked_at = list(islice(group.messages, most - len(taken)))
            taken += [self._take(one, group) for one in looked_at if self._may_be_received(one)]
            self._list(name, group)
        return taken

    def _by_arrival(self, most: int) -> list[Message]:
        free = [self._next_group() for _ in range(len(self._ready))]
        waiting = sorted(
            (message for _, group in free if not group.in_flight for message in group.messages),
            key=lambda message: message.order,
        )
        taken: list[Message] = []
        for message in waiting:
            if len(taken) < most and self._may_be_received(message):
                taken.append(self._take(message, self._groups[message.group]))
        for name, group in free:
            self._list(name, group)
        return taken

    def _next_group(self) -> tuple[str, _Group]:
        _, name = heapq.heappop(self._ready)
        group = self._groups[name]
        group.listed = False
        return name, group

    def delete(self, receipt: str) -> bool:
        """Deletes by receipt handle; False where it is not the newest one any more."""
        message = self._by_receipt.get(receipt)
        if message is None or message.gone:
            return False
        self._remove(message)
        return True

    def hide(self, receipts: list[str], seconds: float) -> None:
        """Changes the visibility timeout of messages in flight; stale receipts are ignored."""
        found = [self._by_receipt.get(receipt) for receipt in receipts]
        self._hide([m for m in found if m is not None and m.in_flight], seconds)

    def oldest(self, most_receives: int) -> float | None:
        """When the oldest message was sent that was received so often at most.

        CloudWatch's age leaves out messages that were received more than three times. Only the
        oldest thousand are looked at.
        """
        for message in islice(self._by_age, 1000):
            if not message.gone and message.receives <= most_receives:
                return message.sent_at
        return None

    def _store(self, message: Message) -> None:
        self.total += 1
        self._by_age.append(message)
        if not self._expiry_planned:
            self._plan_expiry(message)
        group = self._groups.setdefault(message.group, _Group())
        group.messages.append(message)
        self._list(message.group, group)

    def _may_be_received(self, message: Message) -> bool:
        """Whether it is delivered; else it is moved to the dead letters now."""
        if self._max_receives is None or message.receives < self._max_receives:
            return True
        self._remove(message)
        if self._dead_letters is not None:
            self._dead_letters.send(message.body, message.group, message.id, message.attributes)
        return False

    def _take(self, message: Message, group: _Group) -> Message:
        self._receipts += 1
        self._by_receipt.pop(message.receipt, None)
        message.receipt = f"r{self._receipts}"
        self._by_receipt[message.receipt] = message
        message.receives += 1
        message.in_flight = True
        group.in_flight += 1
        self.in_flight += 1
        return message

    def _hide(self, messages: list[Message], seconds: float) -> None:
        until = self._engine.now + seconds
        for message in messages:
            message.hidden_until = until
        if messages:
            self._engine.at(until, lambda: self._show(messages))

    def _show(self, messages: list[Message]) -> None:
        """Those that nobody deleted or hid for longer are visible again."""
        now = self._engine.now
        for message in messages:
            if message.in_flight and not message.gone and message.hidden_until <= now:
                self._land(message)

    def _land(self, message: Message) -> None:
        message.in_flight = False
        self.in_flight -= 1
        group = self._groups[message.group]
        group.in_flight -= 1
        self._list(message.group, group)

    def _remove(self, message: Message) -> None:
        message.gone = True
        self.total -= 1
        self._by_receipt.pop(message.receipt, None)
        group = self._groups[message.group]
        group.messages.remove(message)
        if message.in_flight:
            self._land(message)
        while self._by_age and self._by_age[0].gone:
            self._by_age.popleft()

    def _list(self, name: str, group: _Group) -> None:
        """Enters a group among those that can be received from, and tells the poller."""
        if group.messages and not group.in_flight and not group.listed:
            group.listed = True
            heapq.heappush(self._ready, (group.messages[0].order, name))
            if self.listener is not None:
                self.listener()

    @property
    def ready(self) -> bool:
        """Whether a receive may find something."""
        return bool(self._ready)

    def _expire(self) -> None:
        self._expiry_planned = False
        while self._by_age:
            oldest = self._by_age[0]
            if oldest.gone:
                self._by_age.popleft()
                continue
            if oldest.sent_at + self._retention > self._engine.now:
                self._plan_expiry(oldest)
                return
            self.expired_at = self.expired_at or self._engine.now
            self.expired.append(oldest)
            self._remove(oldest)

    def _plan_expiry(self, oldest: Message) -> None:
        self._expiry_planned = True
        self._engine.at(oldest.sent_at + self._retention, self._expire)

    def _forget_seen(self, now: float) -> None:
        """The ids are in the order of their times, so only old ones are looked at.

        A plain dictionary finds its first entry by walking over all that were deleted before it.
        """
        while self._seen:
            known = next(iter(self._seen))
            if now - self._seen[known] < DEDUPLICATION:
                break
            del self._seen[known]
