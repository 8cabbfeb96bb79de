"""The classes over SQS and SNS, against moto's queues and topics."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.session import get_session
from moto import mock_aws
from msgspec.structs import replace

from handlers.common.circuit.machine import Trip
from handlers.common.circuit.trips import SnsTrips
from handlers.common.errors import AwsUnavailable, Cause
from handlers.common.ledger.entries import Entry, Reason, Status
from handlers.common.messages.attributes import LARGEST
from handlers.common.messages.delivery import Delivery, from_receive
from handlers.common.worker.dead_letters import SqsDeadLetters, reason_of
from handlers.common.worker.outcomes import Outcome, SnsOutcomes, deduplication_id
from handlers.common.worker.probe import SqsSource

ENTRY = Entry(
    id="payment-processing#m1", end=Status.REJECTED, code="invalid", detail="why", attempt=2
)
OUTCOME = Outcome(
    message_id="m1",
    transaction_type="payment",
    service="payment-processing",
    customer_id="c1",
    outcome=Status.REJECTED,
    reason=Reason("invalid", "why"),
    correlation_id="corr",
    at="2026-11-23T00:00:00.000+00:00",
)
KEY = "payment-processing#m1"


class Aws:
    """A FIFO queue, subscribed to a FIFO topic, raw."""

    def __init__(self) -> None:
        session = get_session()
        self.sqs: Any = session.create_client("sqs", region_name="us-east-2")
        self.sns: Any = session.create_client("sns", region_name="us-east-2")
        fifo = {"FifoQueue": "true"}
        self.queue = self.sqs.create_queue(QueueName="q.fifo", Attributes=fifo)["QueueUrl"]
        self.topic = self.sns.create_topic(Name="t.fifo", Attributes={"FifoTopic": "true"})[
            "TopicArn"
        ]
        self.sns.subscribe(
            TopicArn=self.topic,
            Protocol="sqs",
            Endpoint="arn:aws:sqs:us-east-2:123456789012:q.fifo",
            Attributes={"RawMessageDelivery": "true"},
        )

    def received(self) -> list[dict[str, Any]]:
        return self.sqs.receive_message(
            QueueUrl=self.queue,
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        yield Aws()


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


def test_an_outcome_is_published_by_customer_and_repeats_once(aws: Aws) -> None:
    for _ in range(2):
        SnsOutcomes(aws.sns, aws.topic).announce(OUTCOME, KEY)
    (message,) = aws.received()
    told = json.loads(message["Body"])
    assert told["outcome"] == "rejected"
    assert told["reason"] == {"code": "invalid", "detail": "why"}
    assert message["Attributes"]["MessageGroupId"] == "c1"
    filters = {name: each["StringValue"] for name, each in message["MessageAttributes"].items()}
    assert filters == {"outcome": "rejected", "transaction_type": "payment"}


def test_an_end_a_redrive_and_another_entry_are_announcements_of_their_own() -> None:
    ids = {
        deduplication_id(OUTCOME, KEY),
        deduplication_id(replace(OUTCOME, outcome=Status.COMPLETED), KEY),
        deduplication_id(replace(OUTCOME, redrive_id="r1"), KEY),
        deduplication_id(OUTCOME, "payment-processing#carrier sqs-1"),
    }
    assert len(ids) == 4


def test_a_trip_is_published_with_its_generation(aws: Aws) -> None:
    topic = aws.sns.create_topic(Name="control")["TopicArn"]
    queue = aws.sqs.create_queue(QueueName="manager")["QueueUrl"]
    aws.sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-2:123456789012:manager"
    )
    trip = Trip(generation=3, cause=Cause.AWS, why="throttled", who="w")
    SnsTrips(aws.sns, topic)("payment-processing", trip)
    (message,) = aws.sqs.receive_message(QueueUrl=queue)["Messages"]
    told = json.loads(json.loads(message["Body"])["Message"])
    assert (told["action"], told["service"], told["generation"]) == (
        "trip",
        "payment-processing",
        3,
    )


def test_a_probes_source_takes_one_message_and_deletes_it(aws: Aws) -> None:
    for n in range(2):
        aws.sqs.send_message(
            QueueUrl=aws.queue,
            MessageBody=f"body-{n}",
            MessageGroupId=f"c{n}",
            MessageDeduplicationId=str(n),
            MessageAttributes={"redrive_id": {"DataType": "String", "StringValue": "r1"}},
        )
    source = SqsSource(aws.sqs, aws.queue)
    delivery = source.receive(0)
    assert delivery is not None
    assert (delivery.body, delivery.group, delivery.redrive_id) == ("body-0", "c0", "r1")
    assert delivery.sent_at > 0
    source.delete(delivery)
    assert source.receive(0) is not None
    assert source.receive(0) is None


def test_aws_that_refuses_is_unavailable(aws: Aws) -> None:
    with pytest.raises(AwsUnavailable):
        SqsDeadLetters(aws.sqs, aws.queue + "-gone").send(delivery(), ENTRY, 0.0)
    with pytest.raises(AwsUnavailable):
        SnsOutcomes(aws.sns, aws.topic + "-gone").announce(OUTCOME, KEY)


def test_an_sns_envelope_is_opened_and_kept_for_the_dead_letter() -> None:
    body = json.dumps(
        {
            "Type": "Notification",
            "TopicArn": "arn",
            "Message": "inside",
            "MessageAttributes": {"correlation_id": {"Type": "String", "Value": "corr"}},
        }
    )
    found = from_receive(
        {"Body": body, "MessageId": "m", "ReceiptHandle": "r", "Attributes": {"SentTimestamp": "5"}}
    )
    assert (found.body, found.original, found.correlation_id) == ("inside", body, "corr")
    assert found.group == "unknown"
