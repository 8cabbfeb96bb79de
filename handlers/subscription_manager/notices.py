"""What is told on the notifications topic, told apart by `kind`. Times are ISO in UTC."""

import msgspec

from handlers.common.errors import Cause
from handlers.subscription_manager.status import ServiceStatus


class TransitionNotice(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="transition"
):
    """A circuit has changed.

    Attributes:
        generation: The circuit's, after the change; with `service` the identity of the change.
        left_closed_at: When the circuit last left closed.
        cool_down: Seconds until the next probe, where the circuit opened.
        hold_until: Until when it is held; None holds until `enable`.
    """

    service: str
    generation: int
    from_state: str
    to_state: str
    at: str
    left_closed_at: str | None
    who: str
    why: str
    cause: Cause | None
    cool_down: float
    hold_until: str | None


class RedriveNotice(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="redrive"):
    """A redrive has ended.

    Attributes:
        moved: Letters that were sent back.
        held_back: Those that are older than a completed one of their customer.
        passed_over: Those that were not selected, or that SQS refused.
    """

    service: str
    operator: str
    moved: int
    held_back: int
    passed_over: int


class NamedStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A service and its status; None where its circuit cannot be read."""

    service: str
    status: ServiceStatus | None


class StatusNotice(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="status"):
    """The answer to a `status` or `refresh` that came by SNS."""

    services: tuple[NamedStatus, ...]


Notice = TransitionNotice | RedriveNotice | StatusNotice
