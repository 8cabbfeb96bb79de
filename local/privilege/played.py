"""What a play leaves behind."""

from dataclasses import dataclass, field

from local.emulator.record import Recorded
from local.privilege.account import Account
from local.privilege.overstep import Overstep


@dataclass(kw_only=True)
class Played:
    """What a play leaves behind, to be looked at after the system has stopped.

    Attributes:
        numbers: Every account and routing number that was sent.
        keys: Every API key that the bank had.
        texts: What was written where, by its place.
        dead_letters: Dead letters of each service while the key was changed.
        histories: The circuits' transitions, by service: from, to and cause.
        oversteps: Calls beyond the bounds, made after `record` was read.
        denials: The record's entries of these.
    """

    numbers: list[str] = field(default_factory=list[str])
    keys: list[str] = field(default_factory=list[str])
    texts: dict[str, str] = field(default_factory=dict[str, str])
    record: list[Recorded] = field(default_factory=list[Recorded])
    dead_letters: dict[str, int] = field(default_factory=dict[str, int])
    histories: dict[str, list[tuple[str, str, str]]] = field(
        default_factory=dict[str, list[tuple[str, str, str]]]
    )
    account: Account | None = None
    oversteps: list[Overstep] = field(default_factory=list[Overstep])
    denials: list[Recorded] = field(default_factory=list[Recorded])
    bookings: dict[str, int] = field(default_factory=dict[str, int])
    sent: int = 0
