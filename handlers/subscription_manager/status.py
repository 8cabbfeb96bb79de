"""What an operator is told of a service."""

import msgspec


class MappingStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The mapping as it is; `agrees` says whether it is as the circuit wants it."""

    state: str
    concurrency: int | None
    reason: str
    agrees: bool


class QueueStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What waits. `oldest` is the least age of the oldest message, in seconds."""

    visible: int
    in_flight: int
    delayed: int
    oldest: float | None


class RedriveStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The last redrive that was ordered."""

    ordered_at: str | None
    done_at: str | None
    moved: int
    held_back: int
    passed_over: int


class ServiceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How a service does. Times are ISO in UTC, durations seconds; None where AWS did not answer.

    Attributes:
        next_probe_at: While open.
        hold_until: While held; None holds until `enable`.
        closes_at: While half-open, unless it trips before.
        dead_letters: Messages in the dead-letter queue.
        time_to_data_loss: Until SQS throws the oldest message away.
    """

    circuit: str
    generation: int
    since: str | None
    who: str
    why: str
    cause: str | None
    next_probe_at: str | None
    hold_until: str | None
    closes_at: str | None
    mapping: MappingStatus | None
    queue: QueueStatus | None
    dead_letters: int | None
    time_to_data_loss: float | None
    redrive: RedriveStatus | None
