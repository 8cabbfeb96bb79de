"""Send lines to the topic, or straight to a queue, in their order and at a steady pace."""

import threading
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from local.access import Access
from local.errors import LocalError
from local.scenario.lines import Line

if TYPE_CHECKING:
    from types_boto3_sns.type_defs import (
        MessageAttributeValueTypeDef,
        PublishBatchRequestEntryTypeDef,
    )

BATCHES_A_SECOND = 5
MAX_BATCH = 10
"""Messages that one PublishBatch takes."""
MAX_BYTES = 262_144
"""Of all messages that one PublishBatch takes, their attributes included.

https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
"""
ATTRIBUTES = 1024
"""Bytes that the attributes of one of our messages have at most."""


class SendError(LocalError):
    """SNS or SQS did not take a line."""


class Publisher:
    """Sends lines and remembers which were taken, in order."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self.sent: list[int] = []

    def send(self, lines: Sequence[Line], *, per_second: float, stop: threading.Event) -> None:
        """Send these lines, at most so many a second, until done or told to stop.

        Raises:
            SendError: a line was not taken; the text has its number.
        """
        size = max(1, min(MAX_BATCH, round(per_second / BATCHES_A_SECOND)))
        due = time.monotonic()
        for batch in _batches(lines, size):
            if stop.wait(max(0.0, due - time.monotonic())):
                return
            due += len(batch) / per_second
            self._send(batch)
            self.sent.extend(line.number for line in batch)

    def _send(self, batch: Sequence[Line]) -> None:
        if batch[0].via != "topic":
            self._straight(batch[0])
            return
        answer = self._access.sns.publish_batch(
            TopicArn=self._access.outputs.transaction_topic_arn,
            PublishBatchRequestEntries=[_entry(line) for line in batch],
        )
        for failed in answer.get("Failed", []):
            raise SendError(f"line {failed.get('Id')} was not taken: {failed.get('Message')}")

    def _straight(self, line: Line) -> None:
        self._access.sqs.send_message(
            QueueUrl=self._access.outputs.queue_urls[line.via],
            MessageBody=line.body,
            MessageGroupId=line.group,
            MessageDeduplicationId=line.dedup,
        )


def _entry(line: Line) -> "PublishBatchRequestEntryTypeDef":
    attributes: dict[str, MessageAttributeValueTypeDef] = {
        name: {"DataType": "String", "StringValue": value}
        for name, value in line.attributes.items()
    }
    return {
        "Id": str(line.number),
        "Message": line.body,
        "MessageGroupId": line.group,
        "MessageDeduplicationId": line.dedup,
        "MessageAttributes": attributes,
    }


def _batches(lines: Sequence[Line], size: int) -> Iterator[list[Line]]:
    """Consecutive lines that go through the topic together; any other line goes alone."""
    batch: list[Line] = []
    left = MAX_BYTES
    for line in lines:
        needed = len(line.body.encode()) + ATTRIBUTES
        alone = line.via != "topic"
        if batch and (alone or len(batch) == size or needed > left):
            yield batch
            batch, left = [], MAX_BYTES
        if alone:
            yield [line]
            continue
        batch.append(line)
        left -= needed
    if batch:
        yield batch
