"""A queue of our own on the outcomes topic: what a subscriber of the outcomes would get."""

import contextlib
import json
from collections.abc import Generator

import msgspec

from local.access import Access
from local.project import PREFIX
from local.queues import receive_all


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The end of one transaction, as it is announced."""

    service: str
    outcome: str
    message_id: str | None = None
    customer_id: str | None = None
    reason: dict[str, str | None] | None = None

    @property
    def code(self) -> str | None:
        """The reason's code."""
        return None if self.reason is None else self.reason.get("code")


class Tap:
    """Outcomes since it was opened, kept in an SQS queue until they are read."""

    def __init__(self, access: Access, name: str) -> None:
        topic = access.outputs.outcomes_topic_arn
        self._access = access
        arn = topic.replace(":sns:", ":sqs:").rpartition(":")[0] + f":{PREFIX}-{name}.fifo"
        allow = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
        self.url = access.sqs.create_queue(
            QueueName=f"{PREFIX}-{name}.fifo",
            Attributes={
                "FifoQueue": "true",
                "Policy": json.dumps({"Version": "2012-10-17", "Statement": [allow]}),
            },
        )["QueueUrl"]
        self._subscription = access.sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=arn,
            Attributes={"RawMessageDelivery": "true"},
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]

    def read(self) -> list[Outcome]:
        """The outcomes that came since the last reading."""
        messages = receive_all(self._access.sqs, self.url)
        return [msgspec.json.decode(message.body, type=Outcome) for message in messages]

    def close(self) -> None:
        """Take subscription and queue away."""
        self._access.sns.unsubscribe(SubscriptionArn=self._subscription)
        self._access.sqs.delete_queue(QueueUrl=self.url)


@contextlib.contextmanager
def tapped(access: Access, name: str) -> Generator[Tap]:
    """A tap for as long as the block lasts."""
    tap = Tap(access, name)
    try:
        yield tap
    finally:
        tap.close()
