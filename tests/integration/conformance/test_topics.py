"""What this project relies on of SNS."""

import hashlib
import json
from datetime import datetime

import pytest

from tests.emulated_account import Account, refusal


def _subscribed(account: Account, **attributes: str) -> tuple[str, str]:
    """A FIFO topic and a queue that it delivers to, raw."""
    topic = account.topic()
    queue = account.queue(open_to=topic)
    account.subscribe(
        topic, account.queue_arn(queue), **({"RawMessageDelivery": "true"} | attributes)
    )
    return topic, queue


def _attribute_filter(policy: object) -> dict[str, str]:
    return {"FilterPolicy": json.dumps(policy), "FilterPolicyScope": "MessageAttributes"}


def test_a_raw_delivery_keeps_body_attributes_group_and_deduplication_id(
    account: Account,
) -> None:
    topic, queue = _subscribed(account)
    account.sns.publish(
        TopicArn=topic,
        Message="body",
        MessageGroupId="customer",
        MessageDeduplicationId="once",
        MessageAttributes={"n": {"DataType": "Number", "StringValue": "7"}},
    )

    (message,) = account.receive(queue, wait=2)

    assert message["Body"] == "body"
    assert message["MessageAttributes"] == {"n": {"DataType": "Number", "StringValue": "7"}}
    assert message["Attributes"]["MessageGroupId"] == "customer"
    assert message["Attributes"]["MessageDeduplicationId"] == "once"
    assert message["Attributes"]["SequenceNumber"].isdigit()


def test_a_delivery_that_is_not_raw_has_the_envelope(account: Account) -> None:
    topic, queue = _subscribed(account, RawMessageDelivery="false")

    account.publish(topic, "body", kind="payment")

    envelope = json.loads(account.bodies(queue, wait=2)[0])
    assert (envelope["Type"], envelope["TopicArn"], envelope["Message"]) == (
        "Notification",
        topic,
        "body",
    )
    assert envelope["MessageAttributes"] == {"kind": {"Type": "String", "Value": "payment"}}
    assert datetime.fromisoformat(envelope["Timestamp"]).tzinfo is not None


FILTERS: list[tuple[object, str, str]] = [
    ({"k": ["payment"]}, "payment", "other"),
    ({"k": [{"anything-but": ["payment", "setup"]}]}, "other", "payment"),
    ({"k": [{"prefix": "pay"}]}, "payment", "setup"),
]


@pytest.mark.parametrize(("policy", "hit", "miss"), FILTERS)
def test_a_filter_on_attributes_delivers_what_matches(
    account: Account, policy: object, hit: str, miss: str
) -> None:
    topic, queue = _subscribed(account, **_attribute_filter(policy))
    for value in (miss, hit):
        account.publish(topic, value, k=value)

    assert account.bodies(queue, wait=2) == [hit]


def test_two_conditions_that_exclude_each_other_catch_all_that_no_other_takes(
    account: Account,
) -> None:
    known = ["payment", "setup"]
    policy = {"$or": [{"k": [{"exists": False}]}, {"k": [{"anything-but": known}]}]}
    topic, queue = _subscribed(account, **_attribute_filter(policy))
    account.publish(topic, "known", k="payment")
    account.publish(topic, "unknown", k="refund")
    account.publish(topic, "absent", other="attribute")

    assert account.bodies(queue, wait=2) == ["unknown", "absent"]


def test_a_message_without_any_attribute_matches_no_filter_of_attributes(
    account: Account,
) -> None:
    topic, queue = _subscribed(account, **_attribute_filter({"k": [{"exists": False}]}))

    account.publish(topic, "bare")
    account.publish(topic, "with one", other="attribute")

    assert account.bodies(queue, wait=2) == ["with one"]


def test_a_topic_deduplicates_also_after_the_message_was_deleted(account: Account) -> None:
    topic, queue = _subscribed(account)
    for _ in range(2):
        account.sns.publish(
            TopicArn=topic, Message="x", MessageGroupId="g", MessageDeduplicationId="d"
        )
    (message,) = account.receive(queue, wait=2)
    account.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    account.sns.publish(TopicArn=topic, Message="x", MessageGroupId="g", MessageDeduplicationId="d")
    account.publish(topic, "another")

    assert account.bodies(queue, wait=2) == ["another"]


def test_a_topic_with_content_based_deduplication_hands_the_digest_on(account: Account) -> None:
    topic = account.topic(ContentBasedDeduplication="true")
    queue = account.queue(open_to=topic)
    account.subscribe(topic, account.queue_arn(queue), RawMessageDelivery="true")

    account.sns.publish(TopicArn=topic, Message="x", MessageGroupId="g")

    (message,) = account.receive(queue, wait=2)
    assert message["Attributes"]["MessageDeduplicationId"] == hashlib.sha256(b"x").hexdigest()


def test_a_batch_is_delivered_in_its_order(account: Account) -> None:
    topic, queue = _subscribed(account)

    account.sns.publish_batch(
        TopicArn=topic,
        PublishBatchRequestEntries=[
            {
                "Id": str(number),
                "Message": f"m{number}",
                "MessageGroupId": "g",
                "MessageDeduplicationId": str(number),
            }
            for number in range(3)
        ],
    )

    assert account.bodies(queue, wait=2) == ["m0", "m1", "m2"]


def test_a_fifo_publication_without_a_group_is_refused(account: Account) -> None:
    found = refusal(
        account.sns.publish, TopicArn=account.topic(), Message="x", MessageDeduplicationId="d"
    )

    assert found.startswith("InvalidParameter")


def test_a_queue_whose_policy_does_not_allow_the_topic_gets_nothing(account: Account) -> None:
    topic = account.topic()
    queue, witness = account.queue(open_to=account.topic()), account.queue(open_to=topic)
    for each in (queue, witness):
        account.subscribe(topic, account.queue_arn(each), RawMessageDelivery="true")

    account.publish(topic, "x")

    assert account.bodies(witness, wait=2) == ["x"]
    assert account.bodies(queue) == []


@pytest.mark.parametrize("broken", ["policy", "queue"])
def test_what_cannot_be_delivered_goes_to_the_subscriptions_dead_letter_queue(
    account: Account, broken: str
) -> None:
    topic = account.topic()
    dead_letters = account.queue(open_to=topic)
    queue = account.queue()
    account.subscribe(
        topic,
        account.queue_arn(queue),
        RawMessageDelivery="true",
        RedrivePolicy=json.dumps({"deadLetterTargetArn": account.queue_arn(dead_letters)}),
    )
    if broken == "queue":
        account.open(queue, topic)
        account.sqs.delete_queue(QueueUrl=queue)

    account.sns.publish(
        TopicArn=topic,
        Message="x",
        MessageGroupId="customer",
        MessageDeduplicationId="d",
        MessageAttributes={"k": {"DataType": "String", "StringValue": "v"}},
    )

    (message,) = account.receive(dead_letters, wait=2)
    assert message["Body"] == "x"
    assert message["Attributes"]["MessageGroupId"] == "customer"
    assert message["MessageAttributes"]["k"]["StringValue"] == "v"


def test_a_fifo_queue_cannot_be_subscribed_to_a_standard_topic(account: Account) -> None:
    found = refusal(
        account.sns.subscribe,
        TopicArn=account.topic(fifo=False),
        Protocol="sqs",
        Endpoint=account.queue_arn(account.queue()),
    )

    assert found == "InvalidParameter"
