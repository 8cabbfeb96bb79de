"""A dead letter is the message as it came, with the reason, within SQS's limits."""

import json
from typing import Any

import pytest

from handlers.common.errors import AwsUnavailable
from handlers.common.ledger.entries import Entry, Status
from handlers.common.messages.attributes import LARGEST
from handlers.common.messages.delivery import Delivery, from_receive
from handlers.common.worker.dead_letters import SqsDeadLetters, reason_of
from tests.unit.handlers.common.queue_and_topic import Aws

ENTRY = Entry(
    id="payment-processing#m1", end=Status.REJECTED, code="invalid", detail="why", attempt=2
)


def delivery(body: str = "body", carrier: str = "sqs-1", **attributes: str) -> Delivery:
    return Delivery(
        body=body,
        carrier=carrier,
        group="c1",
        sent_at=0,
        receipt="r",
        original=body,
        attributes=attributes,
        carried=attributes,
    )


def test_a_dead_letter_is_the_original_with_its_reason(aws: Aws) -> None:
    SqsDeadLetters(aws.sqs, aws.queue).send(delivery(correlation_id="corr"), ENTRY, 0.0)
    (letter,) = aws.received()
    assert letter["Body"] == "body"
    assert letter["Attributes"]["MessageGroupId"] == "c1"
    assert letter["Attributes"]["MessageDeduplicationId"] == "sqs-1"
    attributes = letter["MessageAttributes"]
    assert attributes["correlation_id"]["StringValue"] == "corr"
    assert json.loads(attributes["reason"]["StringValue"]) == {
        "end": "rejected",
        "code": "invalid",
        "detail": "why",
        "attempts": 2,
        "at": "1970-01-01T00:00:00.000+00:00",
    }


def test_a_dead_letter_that_is_sent_twice_is_kept_once(aws: Aws) -> None:
    for _ in range(2):
        SqsDeadLetters(aws.sqs, aws.queue).send(delivery(), ENTRY, 0.0)
    assert len(aws.received()) == 1


def test_a_redriven_message_gets_the_reason_of_its_new_end(aws: Aws) -> None:
    SqsDeadLetters(aws.sqs, aws.queue).send(delivery(reason="old"), ENTRY, 0.0)
    assert "old" not in aws.received()[0]["MessageAttributes"]["reason"]["StringValue"]


def test_an_envelopes_attributes_stay_in_it_whatever_they_are(aws: Aws) -> None:
    """SQS refuses such a name for ever, and the message would never leave its queue."""
    attributes = {"no name!": {"Type": "String", "Value": "\u0000"}}
    envelope = {"Type": "Notification", "TopicArn": "arn", "Message": "no JSON"}
    body = json.dumps(envelope | {"MessageAttributes": attributes})
    came = {"Body": body, "MessageId": "m", "ReceiptHandle": "r", "Attributes": {}}
    SqsDeadLetters(aws.sqs, aws.queue).send(from_receive(came), ENTRY, 0.0)
    (letter,) = aws.received()
    assert letter["Body"] == body
    assert set(letter["MessageAttributes"]) == {"reason"}


class Sent:
    """Keeps what would be sent."""

    def __init__(self) -> None:
        self.message: dict[str, Any] = {}

    def send_message(self, **message: Any) -> None:  # noqa: ANN401 - passed on
        self.message = message


@pytest.mark.parametrize(
    ("body", "attributes", "kept"),
    [
        ("x", {f"a{n}": "v" for n in range(10)}, 10),
        ("x" * LARGEST, {"a": "v"}, 0),
        ("x" * (LARGEST - 300), {"a": "v" * 400}, 1),
        ("ü" * (LARGEST // 2), {}, 0),
        ("x", {"empty": ""}, 1),
    ],
)
def test_a_dead_letter_fits_and_the_reason_comes_first(
    body: str, attributes: dict[str, str], kept: int
) -> None:
    sent: Any = Sent()
    SqsDeadLetters(sent, "url").send(delivery(body, **attributes), ENTRY, 0.0)
    told = sent.message["MessageAttributes"]
    assert len(told) == kept
    assert ("reason" in told) is (kept > 0)
    size = len(body.encode()) + sum(
        len(name) + len("String") + len(value["StringValue"]) for name, value in told.items()
    )
    assert size <= LARGEST


def test_a_reason_stays_within_a_kilobyte() -> None:
    entry = Entry(id="x", end=Status.OUTCOME_UNKNOWN, code="c" * 64, detail="d" * 5_000)
    assert len(reason_of(entry, 0.0).encode()) <= 1024


def test_a_queue_that_refuses_is_awss_fault(aws: Aws) -> None:
    with pytest.raises(AwsUnavailable):
        SqsDeadLetters(aws.sqs, aws.queue + "-gone").send(delivery(), ENTRY, 0.0)
