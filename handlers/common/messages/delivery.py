"""One message as it was delivered: from an SQS batch, from a probe's own receive, or directly."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from handlers.common.messages.transactions import opened

NAME = re.compile(r"[!-~]{1,128}")
"""What a group or an id may be: SQS takes no other group, DynamoDB and logs take anything."""

ROOT = re.compile(r"\bRoot=(1-[0-9a-f]{8}-[0-9a-f]{24})\b")
NOBODY = "unknown"
"""The group of a message that has none, for whoever is named in signs and outcomes."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A message and how it came.

    Attributes:
        body: The transaction's JSON, out of an SNS envelope if it was in one.
        carrier: The SQS message id: one for each sending, kept over all its receives.
        group: MessageGroupId, the customer.
        sent_at: When it was sent to the queue (epoch milliseconds).
        receives: How often SQS has given it out, this time included.
        receipt: The live receipt handle; empty for a direct invocation.
        original: The SQS body as it came, which is what a dead letter carries on.
        attributes: The message attributes that are strings, an SNS envelope's among them.
        carried: Those of the SQS message itself. An envelope's are in `original`, and may be such
            as SQS does not take.
        trace: X-Ray's header, as it came with the message.
    """

    body: str
    carrier: str
    group: str
    sent_at: int
    receives: int = 1
    receipt: str = ""
    original: str = ""
    attributes: dict[str, str] = {}
    carried: dict[str, str] = {}
    trace: str = ""

    @property
    def direct(self) -> bool:
        """Whether it came by a direct invocation, so that there is no queue to go back to."""
        return not self.receipt

    @property
    def redrive_id(self) -> str | None:
        """Set by the manager where it brought this message back from the dead letters."""
        return self._named("redrive_id")

    @property
    def correlation_id(self) -> str:
        """The sender's own, else the id of the SQS message."""
        return self._named("correlation_id") or self.carrier

    @property
    def trace_id(self) -> str:
        """The trace that the publisher began; empty where there is none.

        https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sqs.html
        """
        found = ROOT.search(self.trace)
        return found[1] if found else ""

    def _named(self, attribute: str) -> str | None:
        """An attribute that may be written anywhere: bounded, and of harmless characters."""
        value = self.attributes.get(attribute, "")
        return value if NAME.fullmatch(value) else None


def direct(body: str, request_id: str, customer: object, sent_at: float) -> Delivery:
    """A transaction that was the event of a direct invocation."""
    named = isinstance(customer, str) and NAME.fullmatch(customer)
    return Delivery(
        body=body,
        carrier=f"direct-{request_id}",
        group=str(customer) if named else NOBODY,
        sent_at=int(sent_at * 1000),
    )


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
        group=system.get("MessageGroupId", NOBODY),
        sent_at=int(system.get("SentTimestamp", 0)),
        receives=int(system.get("ApproximateReceiveCount", 1)),
        receipt=receipt,
        original=original,
        attributes=enveloped | attributes,
        carried=attributes,
        trace=system.get("AWSTraceHeader", ""),
    )
