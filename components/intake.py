"""The way from the transaction topic into a queue that loses nothing.

An intake is a FIFO queue, its dead letters, its filtered raw subscription and the dead letters
of the subscription: a broken queue or key policy is a client error, which SNS does not retry.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.encryption import EncryptionKey
from components.queues import SecureQueue, redrive_allow_policy, redrive_policy
from components.stage import Component, Stage
from components.topics import TransactionTopic

Filter = Mapping[str, Sequence[Any]]


def transactions_of(transaction_type: str) -> Filter:
    """Transactions of one type, by the message attribute."""
    return {"transaction_type": [transaction_type]}


def everything_but(transaction_types: Sequence[str]) -> Filter:
    """Messages whose type is absent or unknown.

    A message without any attribute matches no filter of attributes at all (SNS guide, "Key
    matching"); an alarm on the topic watches for those.
    """
    return {
        "$or": [
            {"transaction_type": [{"exists": False}]},
            {"transaction_type": [{"anything-but": list(transaction_types)}]},
        ]
    }


class Intake(Component):
    """A queue of the transaction topic, with everything that keeps its messages."""

    def __init__(
        self,
        name: str,
        stage: Stage,
        key: EncryptionKey,
        topic: TransactionTopic,
        *,
        messages: Filter,
        visibility: int | None = None,
        dead_letter_roles: Sequence[str] = (),
        redrive_roles: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, stage, {"filter": dict(messages), "topic": topic.arn}, opts)
        names, settings = stage.names, stage.settings
        queue_arn = names.queue_arn(names.queue(name))
        self.dead_letters = SecureQueue(
            f"{name}-dlq",
            stage,
            key,
            queue_name=names.dead_letter_queue(name),
            retention=settings.dead_letter_retention,
            sender_roles=dead_letter_roles,
            redrive_allow=redrive_allow_policy(queue_arn),
            opts=self.child(),
        )
        self.delivery_dead_letters = SecureQueue(
            f"{name}-delivery-dlq",
            stage,
            key,
            queue_name=names.delivery_queue(name),
            retention=settings.dead_letter_retention,
            topic_arn=topic.arn,
            redrive_allow=redrive_allow_policy(),
            opts=self.child(),
        )
        self.queue = SecureQueue(
            f"{name}-queue",
            stage,
            key,
            queue_name=names.queue(name),
            retention=settings.queue_retention,
            visibility=visibility,
            topic_arn=topic.arn,
            sender_roles=redrive_roles,
            redrive=redrive_policy(self.dead_letters.arn, settings.max_receive_count),
            redrive_allow=redrive_allow_policy(),
            opts=self.child(self.dead_letters),
        )
        self.subscription = aws.sns.TopicSubscription(
            f"{name}-subscription",
            topic=topic.arn,
            protocol="sqs",
            endpoint=self.queue.arn,
            raw_message_delivery=True,
            filter_policy=json.dumps(messages),
            filter_policy_scope="MessageAttributes",
            redrive_policy=json.dumps({"deadLetterTargetArn": self.delivery_dead_letters.arn}),
            opts=self.child(topic, self.queue, self.delivery_dead_letters, protect=True),
        )
        self.url = self.queue.url
        self.dead_letter_url = self.dead_letters.url
        self.register_outputs({"url": self.url, "deadLetterUrl": self.dead_letter_url})
