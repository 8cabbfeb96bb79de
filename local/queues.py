"""Read queues to their end, and count what is in them."""

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """One message; only attributes of type String are kept."""

    body: str
    deduplication_id: str
    attributes: dict[str, str]


def depth(sqs: "SQSClient", url: str) -> int:
    """Messages in a queue: visible, in flight and delayed."""
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return sum(int(attributes.get(count, 0)) for count in COUNTS)


def receive_all(sqs: "SQSClient", url: str) -> list[Received]:
    """Take every visible message out of a queue."""
    taken: list[Received] = []
    while messages := sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        MessageSystemAttributeNames=["MessageDeduplicationId"],
        MessageAttributeNames=["All"],
    ).get("Messages"):
        for message in messages:
            attributes = message.get("MessageAttributes", {}).items()
            taken.append(
                Received(
                    body=message.get("Body", ""),
                    deduplication_id=message.get("Attributes", {}).get(
                        "MessageDeduplicationId", ""
                    ),
                    attributes={name: value.get("StringValue", "") for name, value in attributes},
                )
            )
        sqs.delete_message_batch(
            QueueUrl=url,
            Entries=[
                {"Id": str(place), "ReceiptHandle": message.get("ReceiptHandle", "")}
                for place, message in enumerate(messages)
            ],
        )
    return taken
