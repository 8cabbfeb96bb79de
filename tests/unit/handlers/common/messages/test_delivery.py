"""A message as it was delivered."""

import json

from handlers.common.messages.delivery import from_event, from_receive


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


def test_how_often_sqs_gave_a_message_out_comes_with_it_either_way() -> None:
    system = {"MessageGroupId": "c1", "ApproximateReceiveCount": "7"}
    event = {"messageId": "m", "receiptHandle": "r", "body": "b", "attributes": system}
    received = {"MessageId": "m", "ReceiptHandle": "r", "Body": "b", "Attributes": system}
    assert from_event(event).receives == from_receive(received).receives == 7
