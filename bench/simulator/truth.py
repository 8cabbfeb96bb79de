"""What really happened to every message, beside what the system believes."""

import random
from dataclasses import dataclass, field

import msgspec

from bench.simulator.bank import Books
from bench.simulator.case import Result
from bench.simulator.engine import Engine
from bench.simulator.queue import Message, Queue


@dataclass(slots=True)
class Sent:
    """A message of ours: whose, and its place among all."""

    customer: str
    place: int


@dataclass
class Truth:
    """Every message of one service, from the sender's side.

    Attributes:
        sent: By message id.
        ended: The moment and the end of each, as announced.
    """

    engine: Engine
    sent: dict[str, Sent] = field(default_factory=dict[str, Sent])
    ended: dict[str, tuple[float, str]] = field(default_factory=dict[str, tuple[float, str]])
    watch_from: float = float("inf")
    first_done: float | None = None
    done: int = 0

    def end(self, message_id: str, end: str) -> None:
        """A message is at an end."""
        now = self.engine.now
        self.ended[message_id] = (now, end)
        if end == "completed":
            self.done += 1
            if self.first_done is None and now >= self.watch_from:
                self.first_done = now

    def feed(  # noqa: PLR0913 - what is sent, to whom, when
        self,
        queue: Queue,
        *,
        messages: int,
        customers: int,
        arrivals: float,
        rng: random.Random,
        special: frozenset[str] = frozenset(),
    ) -> None:
        """Sends messages at random moments, those of special customers among them.

        Each special customer has one, after the first tenth.
        """
        start = self.engine.now
        moments = sorted(rng.random() * arrivals for _ in range(messages))
        names = [f"customer-{rng.randrange(customers)}" for _ in moments]
        for place, name in enumerate(sorted(special), start=len(moments) // 10):
            names[place] = name

        def send(place: int) -> None:
            name = names[place]
            message_id = f"m{place}"
            self.sent[message_id] = Sent(name, place)
            body = {
                "message_id": message_id,
                "transaction_type": "payment",
                "customer_id": name,
                "amount": "120.00",
                "payment_method": "bank_account",
            }
            queue.send(msgspec.json.encode(body).decode(), name, message_id)
            if place + 1 < len(moments):
                self.engine.at(start + moments[place + 1], lambda: send(place + 1))

        if moments:
            self.engine.at(start + moments[0], lambda: send(0))

    def audit(
        self, result: Result, queue: Queue, dead: Queue, books: Books, bad: frozenset[str]
    ) -> None:
        """Counts what became of the messages."""
        waiting = {_id(message) for message in queue.messages}
        letters = {_id(message) for message in dead.messages}
        expired = {_id(message) for message in (*queue.expired, *dead.expired)}
        done = {one for one, (_, end) in self.ended.items() if end == "completed"}
        unknown = {one for one, (_, end) in self.ended.items() if end == "outcome_unknown"}
        named = {one for one, (_, end) in self.ended.items() if end != "swallowed"}
        result.sent = len(self.sent)
        result.completed = len(done)
        result.waiting = len(waiting - done)
        result.expired = len(expired - done)
        result.unknown = len(unknown)
        result.lost = len(self.sent.keys() - named - waiting - letters - expired)
        set_aside = letters - done - unknown
        result.bad_dead = sum(self.sent[one].customer in bad for one in set_aside)
        result.good_dead = len(set_aside) - result.bad_dead
        result.unexplained = sum("reason" not in one.attributes for one in dead.messages)
        result.double = sum(len(moments) > 1 for moments in books.bookings.values())
        result.disordered = self._disordered(books, letters)

    def _disordered(self, books: Books, letters: set[str]) -> int:
        newest: dict[str, int] = {}
        found = 0
        for key in books.order:
            message_id = key.rsplit("#", 1)[-1]
            sent = self.sent.get(message_id)
            if sent is None or message_id in letters:
                continue
            if sent.place < newest.get(sent.customer, -1):
                found += 1
            newest[sent.customer] = max(sent.place, newest.get(sent.customer, -1))
        return found


def _id(message: Message) -> str:
    return msgspec.json.decode(message.body)["message_id"]
