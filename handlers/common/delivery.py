"""One message as it was delivered: from an SQS batch, from a probe's own receive, or directly."""

from collections.abc import Mapping
from typing import Any

import msgspec

from handlers.common.messages import opened


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A message and how it came.

    Attributes:
        body: The transaction's JSON, out of an SNS envelope if it was in one.
        carrier: The SQS message id: one for each sending, kept over all its receives.
        group: MessageGroupId, the customer.
        sent_at: When it was sent to the queue (epoch milliseconds).
        receipt: The live receipt handle; empty for a direct invocation.
        original: The SQS body as it came, which is what a dead letter carries on.
        attributes: The message attributes that are strings.
    """

    body: str
    carrier: str
    group: str
    sent_at: int
    receipt: str = ""
    original: str = ""
    attributes: dict[str, str] = {}

    @property
    def direct(self) -> bool:
        """Whether it came by a direct invocation, so that there is no queue to go back to."""
        return not self.receipt

    @property
    def redrive_id(self) -> str | None:
        """Set by the manager where it brought this message back from the dead letters."""
        return self.attributes.get("redrive_id")

    @property
    def correlation_id(self) -> str:
        """The sender's own, else the id of the SQS message."""
        return self.attributes.get("correlation_id") or self.carrier


def from_event(record: Mapping[str, Any]) -> Delivery:
    """A record of a Lambda SQS event.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """
    attributes = {
        key: value["stringValue"]
        for key, value in record.get("messageAttributes", {}).items()
        if "stringValue" in value
    }
    return _delivery(
        record["body"],
        record["messageId"],
        record["receiptHandle"],
        record["attributes"],
        attributes,
    )


def from_receive(message: Mapping[str, Any]) -> Delivery:
    """A message of our own ReceiveMessage."""
    attributes = {
        key: value["StringValue"]
        for key, value in message.get("MessageAttributes", {}).items()
        if "StringValue" in value
    }
    return _delivery(
        message["Body"],
        message["MessageId"],
        message["ReceiptHandle"],
        message["Attributes"],
        attributes,
    )


def _delivery(
    original: str,
    carrier: str,
    receipt: str,
    system: Mapping[str, str],
    attributes: dict[str, str],
) -> Delivery:
    body, enveloped = opened(original)
    return Delivery(
        body=body,
        carrier=carrier,
        group=system.get("MessageGroupId", ""),
        sent_at=int(system.get("SentTimestamp", 0)),
        receipt=receipt,
        original=original,
        attributes=enveloped | attributes,
    )
