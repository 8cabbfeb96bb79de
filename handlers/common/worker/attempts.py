"""One try at one transaction, and what it came to."""

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import msgspec

from handlers.common.circuit.state import Circuit
from handlers.common.errors import Rejection
from handlers.common.ledger.entries import Begun, Entry, Reason, Status
from handlers.common.messages.delivery import Delivery
from handlers.common.messages.transactions import Transaction
from handlers.common.telemetry.journey import Journey

T = TypeVar("T", bound=Transaction)

MARGIN = 1.0
"""Seconds kept free at the end of an invocation, for the last writes and the answer."""

FREE_RECEIVES = 100
MORE_HIDDEN = 5.0
"""Seconds that each receive beyond the free ones adds."""


class Retry(msgspec.Struct, frozen=True, kw_only=True):
    """How often and how late a message is tried again. Times are seconds.

    Attributes:
        key_memory: How long the bank remembers an idempotency key.
        bank_timeout: How long one call may take.
    """

    max_attempts: int
    backoff: float
    backoff_cap: float
    key_memory: float
    bank_timeout: float

    def delay(self, attempt: int, failing_for: float = 0.0) -> float:
        """Seconds until the next try: doubled with each, and at least a quarter of `failing_for`.

        Failures that prove nothing are counted anew, but the delay never begins anew: SQS itself
        counts each receive, and sets a message aside after `maxReceiveCount`.
        """
        doubled = self.backoff * 2.0 ** min(max(attempt - 1, 0), 30)
        return min(max(doubled, failing_for / 4), self.backoff_cap)

    def time_to_call(self, left: float) -> float:
        """Of the seconds that are left, those that a whole call to the bank does not need."""
        return left - self.bank_timeout - MARGIN

    def least(self, receives: int) -> float:
        """Seconds that a message is hidden at least, whatever it goes back for.

        At `maxReceiveCount` SQS itself sets a good message aside. With a cap of half an hour a
        thousand receives last for fifteen days, and SQS keeps no message for longer than fourteen.
        """
        return min(max(receives - FREE_RECEIVES, 0) * MORE_HIDDEN, self.backoff_cap)


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction that is at its end, now or before."""

    message_id: str
    outcome: Status
    reference: str | None = None
    reason: Reason | None = None
    duplicate: bool = False
    answered: bool = False
    """Whether the bank itself answered in this attempt: what a probe counts."""


class NotDone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event that was sent directly and came to no end.

    Attributes:
        outcome: `deferred` is to be sent again under the same id; `rejected` is no transaction.
        message_id: As it was sent, or as it was made; only where it is deferred.
    """

    outcome: Literal["deferred", "rejected"]
    reason: Reason
    message_id: str | None = None


@dataclass(kw_only=True)
class Attempt(Generic[T]):
    """One try at one transaction.

    Attributes:
        deadline: When the invocation is over (epoch seconds).
        entry: The ledger's entry as this attempt holds it.
        transaction: None where the message could not be read or is not the one of its id.
        refusal: Why it is refused before the bank is asked.
        called: Whether something may stand booked that no sure answer has told of.
        broke: Whether the bank took the message and broke on it.
        booked: Whether the bank said yes; with `reference`.
    """

    circuit: Circuit
    delivery: Delivery
    deadline: float
    begun: Begun
    entry: Entry
    journey: Journey
    message_id: str
    customer_id: str
    transaction: T | None = None
    refusal: Rejection | None = None
    called: bool = False
    broke: bool = False
    booked: bool = False
    reference: str | None = None

    @property
    def called_at(self) -> float | None:
        """When the bank was first called without a sure answer; None if it surely never was."""
        return self.entry.called_at if self.called else self.begun.called_before

    @property
    def group(self) -> str:
        """The customer, as signs of life name them."""
        return self.delivery.group
