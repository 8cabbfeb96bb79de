"""Every transaction's end, announced at least once, before the ledger's last write."""

import hashlib
from typing import TYPE_CHECKING, Protocol

import msgspec

from handlers.common.aws import aws_errors
from handlers.common.ledger.entries import Reason, Status

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient
    from types_boto3_sns.type_defs import MessageAttributeValueTypeDef


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a transaction ended; holds no bank details.

    Attributes:
        at: ISO 8601, UTC.
        amount, fee: Decimals as text, for payments.
    """

    message_id: str
    transaction_type: str
    service: str
    customer_id: str
    outcome: Status
    reason: Reason | None = None
    reference: str | None = None
    amount: str | None = None
    fee: str | None = None
    redrive_id: str | None = None
    correlation_id: str
    at: str


class Outcomes(Protocol):
    """Where ends are announced."""

    def announce(self, outcome: Outcome, key: str) -> None:
        """Raises AwsUnavailable where it cannot. `key` is that of the ledger's entry."""
        ...


class SnsOutcomes:
    """The outcomes topic. A repeat within five minutes is dropped there, later ones are not."""

    def __init__(self, client: "SNSClient", topic_arn: str) -> None:
        self._client, self._topic_arn = client, topic_arn

    def announce(self, outcome: Outcome, key: str) -> None:
        """See Outcomes."""
        with aws_errors("announcing the outcome"):
            self._client.publish(
                TopicArn=self._topic_arn,
                Message=msgspec.json.encode(outcome).decode(),
                MessageGroupId=outcome.customer_id,
                MessageDeduplicationId=deduplication_id(outcome, key),
                MessageAttributes={
                    "outcome": _text(outcome.outcome),
                    "transaction_type": _text(outcome.transaction_type),
                },
            )


def deduplication_id(outcome: Outcome, key: str) -> str:
    """One end of one entry, and each redrive of it, is one announcement.

    The key is `service#message_id`, but for a message that only claims another's id: its refusal
    must not be taken for a repeat of the other's.
    """
    parts = (key, outcome.outcome, outcome.redrive_id or "")
    return hashlib.sha256("#".join(parts).encode()).hexdigest()


def _text(value: str) -> "MessageAttributeValueTypeDef":
    return {"DataType": "String", "StringValue": value}
