"""AWS clients as the handlers' own classes call them, over the models of the simulator."""
# ruff: noqa: N803, ANN401 - the names and the loose types of boto3's clients

from collections.abc import Callable
from typing import Any

from bench.simulator.engine import Engine
from bench.simulator.queue import Message, Queue

POLL_STEP = 0.5
"""Seconds between two looks of a long poll."""


class SqsClient:
    """As much of boto3's SQS client as a worker uses; queues by URL."""

    def __init__(self, engine: Engine, queues: dict[str, Queue]) -> None:
        self._engine, self._queues = engine, queues

    def receive_message(
        self, *, QueueUrl: str, MaxNumberOfMessages: int, WaitTimeSeconds: int, **_: Any
    ) -> dict[str, Any]:
        """A long poll."""
        queue, until = self._queues[QueueUrl], self._engine.now + WaitTimeSeconds
        while True:
            found = queue.receive(MaxNumberOfMessages)
            if found or self._engine.now >= until:
                return {"Messages": [_received(message) for message in found]}
            self._engine.sleep(POLL_STEP)

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> None:
        """By receipt handle."""
        self._queues[QueueUrl].delete(ReceiptHandle)

    def change_message_visibility_batch(
        self, *, QueueUrl: str, Entries: list[dict[str, Any]]
    ) -> None:
        """Entries with one timeout are changed together."""
        by_timeout: dict[float, list[str]] = {}
        for entry in Entries:
            receipts = by_timeout.setdefault(entry["VisibilityTimeout"], [])
            receipts.append(entry["ReceiptHandle"])
        for seconds, receipts in by_timeout.items():
            self._queues[QueueUrl].hide(receipts, seconds)

    def send_message(
        self,
        *,
        QueueUrl: str,
        MessageBody: str,
        MessageGroupId: str,
        MessageDeduplicationId: str,
        MessageAttributes: dict[str, dict[str, str]],
    ) -> None:
        """Attributes of type String only."""
        attributes = {name: value["StringValue"] for name, value in MessageAttributes.items()}
        self._queues[QueueUrl].send(MessageBody, MessageGroupId, MessageDeduplicationId, attributes)


class SnsClient:
    """Hands a published message to whoever listens to the topic."""

    def __init__(self, topics: dict[str, Callable[[str], None]]) -> None:
        self._topics = topics

    def publish(self, *, TopicArn: str, Message: str, **_: Any) -> None:
        """To one topic."""
        self._topics[TopicArn](Message)


class SecretsClient:
    """Gives the secret that is valid now."""

    def __init__(self, secret: Callable[[], str]) -> None:
        self._secret = secret

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:
        """The newest version."""
        del SecretId
        return {"SecretString": self._secret()}


def _received(message: Message) -> dict[str, Any]:
    return {
        "Body": message.body,
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "Attributes": {
            "MessageGroupId": message.group,
            "SentTimestamp": str(int(message.sent_at * 1000)),
        },
        "MessageAttributes": {
            name: {"StringValue": value, "DataType": "String"}
            for name, value in message.attributes.items()
        },
    }
