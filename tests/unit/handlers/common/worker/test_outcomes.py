"""An end is announced by customer, once within SNS's five minutes."""

import json

import pytest
from msgspec.structs import replace

from handlers.common.errors import AwsUnavailable
from handlers.common.ledger.entries import Reason, Status
from handlers.common.worker.outcomes import Outcome, SnsOutcomes, deduplication_id
from tests.unit.handlers.common.queue_and_topic import Aws

KEY = "payment-processing#m1"
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


def test_a_topic_that_refuses_is_awss_fault(aws: Aws) -> None:
    with pytest.raises(AwsUnavailable):
        SnsOutcomes(aws.sns, aws.topic + "-gone").announce(OUTCOME, KEY)
