"""What is said on the control topic, and how it is read.

Operators send commands, workers send `trip`, CloudWatch sends alarm notifications. Everything is
validated here, once; what does not fit is an InvalidMessage whose detail says why.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from handlers.common.circuit import events
from handlers.common.errors import Cause, InvalidMessage
from handlers.common.messages.transactions import without_values

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Text = Annotated[str, Meta(max_length=500)]
Person = Annotated[str, Meta(max_length=100)]
Moment = Annotated[datetime, Meta(tz=True)]
"""An RFC 3339 time with its offset; without one, a hold would end hours early or late."""


class Command(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every message may carry.

    An unknown field is refused: a misspelt `hold_until` must not become a hold without an end.

    Attributes:
        service: Whom it is for; None means every service.
        timestamp: The sender's clock. Only logged: messages are ordered by SNS's own time.
        valid_until: After this the message is ignored, however late it is delivered.
    """

    action: str
    service: Name | None = None
    reason: Text | None = None
    operator: Person | None = None
    timestamp: str | float | None = None
    valid_until: Moment | None = None


class Enable(Command, frozen=True, kw_only=True):
    """Ends a hold or an open period: the service ramps up. `start` is another name for it."""

    action: Literal["enable", "start"]


class Disable(Command, frozen=True, kw_only=True):
    """Holds the service until `hold_until` or `enable`. `stop` is another name for it."""

    action: Literal["disable", "stop"]
    hold_until: Moment | None = None


class Status(Command, frozen=True, kw_only=True):
    """Asks for circuit, mapping, queues and time to data loss."""

    action: Literal["status"]


class Refresh(Command, frozen=True, kw_only=True):
    """Makes the mapping as the circuit wants it, now, and answers with the status."""

    action: Literal["refresh"]


class Probe(Command, frozen=True, kw_only=True):
    """Probes an open circuit without waiting for the cool-down."""

    action: Literal["probe"]


class Reconcile(Command, frozen=True, kw_only=True):
    """One turn of the manager; what the schedule sends."""

    action: Literal["reconcile"]


class Redrive(Command, frozen=True, kw_only=True):
    """Sends dead letters back to their queue.

    Attributes:
        count: The most messages to send back; None means all that are selected.
        ids: Only these `message_id`s.
        end: Only letters with this end, e.g. `dead_lettered`.
        code: Only letters with this reason code.
        force: Also those that are older than a completed one of their group.
    """

    action: Literal["redrive"]
    count: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    ids: Annotated[list[Annotated[str, Meta(max_length=128)]], Meta(max_length=100)] | None = None
    end: Annotated[str, Meta(max_length=40)] | None = None
    code: Annotated[str, Meta(max_length=80)] | None = None
    force: bool = False


class Trip(Struct, frozen=True, kw_only=True):
    """A worker has opened its circuit; the manager looks after the mapping at once.

    Unknown fields are allowed: during a deploy a newer worker may say more.
    """

    action: Literal["trip"]
    service: Name
    generation: int
    cause: Cause
    why: str = ""
    who: str = ""
    retry_after: float = 0.0


class AlarmNotification(Struct, frozen=True, kw_only=True, rename="pascal"):
    """What is used of a CloudWatch alarm's notification.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    """

    alarm_name: str
    new_state_value: str
    new_state_reason: str = ""


Message = (
    Enable | Disable | Status | Refresh | Probe | Reconcile | Redrive | Trip | AlarmNotification
)

_KINDS: dict[str, type[Message]] = {
    action: kind
    for kind in (Enable, Disable, Status, Refresh, Probe, Reconcile, Redrive, Trip)
    for action in get_args(kind.__annotations__["action"])
}


def decode(text: str | bytes) -> Message:
    """Reads the text of a message.

    Raises:
        InvalidMessage: It is no JSON object, or breaks the contract.
    """
    try:
        return read(msgspec.json.decode(text))
    # A deep nesting ends in the one, half a surrogate pair in the other.
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise InvalidMessage("invalid_command", f"it is no JSON: {error}") from error


def read(values: object) -> Message:
    """Reads a message that is decoded already, such as the event of a direct invocation.

    Raises:
        InvalidMessage: It is no object, or breaks the contract.
    """
    if not isinstance(values, Mapping):
        raise InvalidMessage("invalid_command", "it must be a JSON object")
    fields: Mapping[str, Any] = values
    kind = AlarmNotification if "AlarmName" in fields else _KINDS.get(str(fields.get("action")))
    if kind is None:
        raise InvalidMessage("unknown_action", f"action must be one of {', '.join(_KINDS)}")
    try:
        return msgspec.convert(fields, kind)
    except (msgspec.ValidationError, UnicodeError) as error:
        raise InvalidMessage("invalid_command", without_values(str(error))) from error


def trip_message(service: str, trip: events.Trip) -> str:
    """The message that a worker publishes after it opened its circuit."""
    return msgspec.json.encode(
        Trip(
            action="trip",
            service=service,
            generation=trip.generation,
            cause=trip.cause,
            why=trip.why[:500],
            who=trip.who[:100],
            retry_after=trip.retry_after,
        )
    ).decode()
