"""SNS's Lambda event, as far as it is used."""

from datetime import datetime

import msgspec

from handlers.common.errors import InvalidMessage


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """One message as SNS delivered it; `at` is SNS's own time of it (epoch seconds)."""

    id: str
    text: str
    at: float


class _Sns(msgspec.Struct, rename="pascal"):
    message_id: str
    message: str
    timestamp: datetime


class _Record(msgspec.Struct):
    sns: _Sns = msgspec.field(name="Sns")


class _Event(msgspec.Struct):
    records: list[_Record] = msgspec.field(name="Records")


def notifications(event: object) -> list[Notification] | None:
    """The messages in an SNS event; None where the event is none.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html

    Raises:
        InvalidMessage: It has records that are not SNS's.
    """
    if not isinstance(event, dict) or "Records" not in event:
        return None
    try:
        records = msgspec.convert(event, _Event).records
    except (msgspec.ValidationError, UnicodeError) as error:
        raise InvalidMessage("invalid_event", str(error)) from error
    return [
        Notification(
            id=record.sns.message_id, text=record.sns.message, at=record.sns.timestamp.timestamp()
        )
        for record in records
    ]
