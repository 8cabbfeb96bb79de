"""A message that will not be tried again, moved to the dead-letter queue with its reason."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from handlers.common.aws import aws_errors
from handlers.common.ledger.entries import Entry, Status
from handlers.common.messages.attributes import fitting, text
from handlers.common.messages.delivery import Delivery

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

REASON = "reason"
MAX_DETAIL = 300
"""Characters, so that the reason stays within a kilobyte."""


class LetterReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a dead letter is one; holds no customer data.

    Attributes:
        end: How the transaction ended.
        attempts: The message's own failures, this one among them.
        at: ISO 8601, UTC.
    """

    end: Status | None
    code: str
    detail: str
    attempts: int
    at: str


class DeadLetters(Protocol):
    """Where messages end that are not tried again."""

    def send(self, delivery: Delivery, entry: Entry, now: float) -> None:
        """Moves one there, with the reason decided in its entry; raises AwsUnavailable."""
        ...


class SqsDeadLetters:
    """The worker's own dead-letter queue.

    The deduplication id is the SQS message id: with the transaction's own id, the second of two
    dead letters within five minutes would be accepted by SQS and not stored.
    """

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client, self._queue_url = client, queue_url

    def send(self, delivery: Delivery, entry: Entry, now: float) -> None:
        """See DeadLetters."""
        told = {REASON: reason_of(entry, now), **_without_reason(delivery)}
        # Where there is no room for the reason, the ledger has it.
        attributes = fitting(delivery.original, {name: text(told[name]) for name in told})
        with aws_errors("sending to the dead-letter queue"):
            self._client.send_message(
                QueueUrl=self._queue_url,
                MessageBody=delivery.original,
                MessageGroupId=delivery.group,
                MessageDeduplicationId=delivery.carrier,
                MessageAttributes=attributes,
            )


def _without_reason(delivery: Delivery) -> dict[str, str]:
    """A redriven message may still carry the reason of its first end."""
    return {name: value for name, value in delivery.carried.items() if value and name != REASON}


def reason_of(entry: Entry, now: float) -> str:
    """The reason as JSON: how it ended, why, after how many tries, when."""
    reason = LetterReason(
        end=entry.end,
        code=entry.code,
        detail=entry.detail[:MAX_DETAIL],
        attempts=entry.attempt,
        at=datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds"),
    )
    return msgspec.json.encode(reason).decode()
