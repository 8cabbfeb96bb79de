"""Dead letters through SQS's API."""

from typing import TYPE_CHECKING, Any

from handlers.common.aws import aws_errors
from handlers.common.errors import AwsRefused
from handlers.common.messages.attributes import fitting, text
from handlers.subscription_manager.ports import Letter

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

NOT_SENT_BACK = {"reason", "redrive_id"}
"""Attributes that belong to this dead-lettering, not to the message."""

SENT = ("DataType", "StringValue", "BinaryValue")
"""Parts of an attribute that SendMessage takes."""


class SqsLetters:
    """Letters of one account and region."""

    def __init__(self, client: "SQSClient") -> None:
        self._client = client

    def receive(self, url: str, hidden: float) -> list[Letter]:
        """See Letters."""
        with aws_errors("receiving dead letters"):
            answer = self._client.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=round(hidden),
                WaitTimeSeconds=1,
                MessageSystemAttributeNames=["MessageGroupId", "SentTimestamp"],
                MessageAttributeNames=["All"],
            )
        found: list[Any] = answer.get("Messages", [])
        return [
            Letter(
                id=message["MessageId"],
                receipt=message["ReceiptHandle"],
                body=message["Body"],
                group=message.get("Attributes", {}).get("MessageGroupId", ""),
                attributes=message.get("MessageAttributes", {}),
                sent_at=int(message.get("Attributes", {}).get("SentTimestamp", 0)) / 1000,
            )
            for message in found
        ]

    def send_back(self, url: str, letter: Letter, redrive_id: str) -> None:
        """See Letters. The deduplication id makes a second sending void for five minutes."""
        own = {
            name: {key: value[key] for key in SENT if key in value}
            for name, value in letter.attributes.items()
            if name not in NOT_SENT_BACK
        }
        attributes = fitting(letter.body, {"redrive_id": text(redrive_id), **own})
        if "redrive_id" not in attributes:
            # Without its id the ledger would take it for a repeat, and it would be gone.
            raise AwsRefused("the letter fills SQS's limit and leaves no room for its redrive id")
        with aws_errors("sending a dead letter back"):
            self._client.send_message(
                QueueUrl=url,
                MessageBody=letter.body,
                MessageGroupId=letter.group,
                MessageDeduplicationId=f"redrive-{redrive_id}",
                MessageAttributes=attributes,
            )

    def delete(self, url: str, letter: Letter) -> None:
        """See Letters."""
        with aws_errors("deleting a dead letter"):
            self._client.delete_message(QueueUrl=url, ReceiptHandle=letter.receipt)

    def hide(self, url: str, letter: Letter, seconds: float) -> None:
        """See Letters."""
        with aws_errors("hiding a dead letter"):
            self._client.change_message_visibility(
                QueueUrl=url, ReceiptHandle=letter.receipt, VisibilityTimeout=round(seconds)
            )
