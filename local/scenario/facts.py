"""What was seen of a run: by the bank, in the queues, on the outcomes topic. No log is read."""

from decimal import Decimal

import msgspec


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """One booking; `number` is its place in the bank's books, `key` is `service#message_id`."""

    number: int
    key: str
    customer: str
    amount: Decimal | None
    fee: Decimal | None


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a service's dead-letter queue.

    Attributes:
        end: the end that the worker wrote into the reason; None where there is no reason, so that
            the queue's own redrive policy or a broken subscription must have moved it.
        carrier: the id of the message that carried it before, which is its deduplication id.
    """

    service: str
    body: str
    end: str | None
    code: str | None
    carrier: str


class Announced(msgspec.Struct, frozen=True, kw_only=True):
    """One outcome, as a subscriber of the outcomes topic got it."""

    service: str
    message_id: str | None
    outcome: str
    code: str | None = None


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the checks look at.

    Attributes:
        sent: numbers of the lines that SNS or SQS took, in the order of sending.
        unrouted: bodies in the unrouted queue.
        waiting: messages that are still in a queue, by the queue's name; empty ones are left out.
    """

    sent: list[int]
    booked: list[Booked]
    dead_letters: list[DeadLetter]
    unrouted: list[str]
    announced: list[Announced]
    waiting: dict[str, int]
