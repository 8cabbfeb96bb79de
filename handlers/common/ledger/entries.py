"""What became of every transaction, by service and message id: the memory that makes a repeat safe.

Before the bank is called, one conditional write takes the entry: in progress, attempt + 1, carrier,
lease. After it, one write gives the end. A hand-back takes the attempt back, so that only crashes
and the message's own failures stay counted. Every later write counts only while the attempt that
took the entry still holds it.
"""

from enum import StrEnum
from typing import Protocol

import msgspec
from msgspec.structs import replace

from handlers.common.errors import Busy, IdReused

SKEW = 2.0
"""Seconds that two machines' clocks may differ; added to every lease."""


class Status(StrEnum):
    """Where an entry stands."""

    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    COMPLETED = "completed"
    REJECTED = "rejected"
    DEAD_LETTERED = "dead_lettered"
    OUTCOME_UNKNOWN = "outcome_unknown"


FINAL = {Status.COMPLETED, Status.REJECTED, Status.DEAD_LETTERED, Status.OUTCOME_UNKNOWN}
REDRIVABLE = FINAL - {Status.COMPLETED}


class Reason(msgspec.Struct, frozen=True):
    """Why a transaction did not complete; no customer data."""

    code: str
    detail: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction's entry. Times are epoch seconds.

    Attributes:
        id: `service#message_id`.
        carrier: The SQS message that carries it; another one with the same id is a duplicate.
        attempt: Tries that count against the message itself, this one included.
        lease_until: Until when this attempt is alone with it.
        called_at: When the bank was first called without a sure answer; None if never.
        failed_at: When the bank last broke on this message.
        first_failure_at: When the message's own failures began.
        end: How it will end, known before it is announced; a crash repeats only what follows.
        group, sent_at: `service#customer` and the time of sending (ms), to tell what came later.
    """

    id: str
    fingerprint: str = ""
    status: Status = Status.IN_PROGRESS
    carrier: str = ""
    attempt: int = 0
    begun_at: float = 0.0
    lease_until: float = 0.0
    called_at: float | None = None
    failed_at: float | None = None
    first_failure_at: float | None = None
    end: Status | None = None
    code: str = ""
    detail: str = ""
    reference: str | None = None
    redrive_id: str | None = None
    group: str = ""
    sent_at: int = 0
    expires_at: int = 0

    @property
    def ended(self) -> bool:
        """Whether there is nothing left to do."""
        return self.status in FINAL


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A request to work on a transaction now.

    `now` is rounded to the microsecond that a store keeps: carrier and moment tell attempts apart.
    """

    id: str
    fingerprint: str
    carrier: str
    group: str
    sent_at: int
    now: float
    lease_until: float
    redrive_id: str | None = None


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What a claim found.

    Attributes:
        entry: The entry as this attempt took it; where it had ended, as it was.
        before: The entry as it was; None for a new transaction.
        doubted_since: The moment to which the ledger was brought back, and since which the bank
            may have been called without a trace; None for a ledger that never was.
    """

    entry: Entry
    before: Entry | None
    doubted_since: float | None = None

    @property
    def crashed(self) -> bool:
        """Whether the attempt before this one ended without a word."""
        return self.before is not None and self.before.status is Status.IN_PROGRESS

    @property
    def known_call(self) -> float | None:
        """When the bank was first called by an earlier attempt that got no sure answer."""
        return self.before.called_at if self.before else None

    @property
    def called_before(self) -> float | None:
        """The same, and where it only may have been: the moment since which that is not known."""
        return self.doubted_since if self.known_call is None else self.known_call


class Ledger(Protocol):
    """Where entries are kept. Every method raises AwsUnavailable where the store fails."""

    def begin(self, claim: Claim) -> Begun:
        """Takes the entry for this attempt, or gives it as it is if it has ended.

        Raises:
            Busy: Another attempt holds it.
            IdReused: The id came before with another body.
        """
        ...

    def write(self, held: Entry, after: Entry) -> bool:
        """Changes an entry that this attempt took; False where it holds it no more."""
        ...


def judged(old: Entry, claim: Claim) -> Begun | None:
    """What an entry that could not simply be taken means: None to bring it back.

    Raises:
        Busy: Another attempt holds it.
        IdReused: The id came before with another body.
    """
    if _expired(old, claim):
        return None
    if old.fingerprint != claim.fingerprint:
        raise IdReused("id_reused", "this message id came before with another body")
    if old.ended:
        return None if redriven(old, claim) else Begun(entry=old, before=old)
    if (old.carrier, old.begun_at) == (claim.carrier, claim.now):
        return _repeated(old, claim)
    raise Busy("another attempt is at work", max(old.lease_until - claim.now, 1.0))


def redriven(old: Entry, claim: Claim) -> bool:
    """Whether the manager brought an ended entry back, by a redrive that was not seen yet."""
    new = claim.redrive_id is not None and claim.redrive_id != old.redrive_id
    return new and old.status in REDRIVABLE


def reopened(old: Entry, claim: Claim) -> Begun:
    """A final or expired entry brought back. What the bank may have booked is not forgotten.

    A rejection was the bank's sure answer; after anything else a call may stand booked.
    """
    sure = old.status is Status.REJECTED or _expired(old, claim)
    before = Entry(id=claim.id, status=Status.WAITING, called_at=None if sure else old.called_at)
    return Begun(entry=taken(before, claim), before=before)


def taken(old: Entry, claim: Claim) -> Entry:
    """The entry as this attempt holds it."""
    return replace(
        old,
        status=Status.IN_PROGRESS,
        fingerprint=claim.fingerprint,
        carrier=claim.carrier,
        attempt=old.attempt + 1,
        begun_at=claim.now,
        lease_until=claim.lease_until,
        called_at=old.called_at if old.called_at is not None else claim.now,
        redrive_id=claim.redrive_id or old.redrive_id,
        group=claim.group,
        sent_at=claim.sent_at,
    )


def _expired(old: Entry, claim: Claim) -> bool:
    """DynamoDB deletes what has expired within days, not at once; 0 is an entry without an end."""
    return 0 < old.expires_at < claim.now


def _repeated(old: Entry, claim: Claim) -> Begun:
    """Our own write, whose answer was lost and which the client's retry met."""
    called_at = None if old.called_at == claim.now else old.called_at
    before = replace(old, status=Status.WAITING, attempt=old.attempt - 1, called_at=called_at)
    return Begun(entry=old, before=before)
