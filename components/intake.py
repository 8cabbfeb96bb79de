"""The way from the transaction topic into a queue that loses nothing.

An intake is a FIFO queue, its dead letters, its filtered raw subscription and the dead letters
of the subscription: a broken queue or key policy is a client error, which SNS does not retry.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.encryption import Foundation
from components.queues import QueueProps, SecureQueue, redrive_allow_policy, redrive_policy
from components.stage import Component
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


@dataclass(frozen=True, kw_only=True)
class IntakeProps:
    """What an intake takes, and which roles send to its queues.

    Attributes:
        messages: The filter of its subscription.
        visibility: Seconds that a delivered message stays hidden.
        dead_letter_roles: ARNs of those who set messages aside.
        redrive_roles: ARNs of those who bring them back.
    """

    messages: Filter
    visibility: int | None = None
    dead_letter_roles: tuple[str, ...] = ()
    redrive_roles: tuple[str, ...] = ()


class Intake(Component):
    """A queue of the transaction topic, with everything that keeps its messages."""

    def __init__(
        self,
        name: str,
        base: Foundation,
        topic: TransactionTopic,
        props: IntakeProps,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"filter": dict(props.messages), "topic": topic.arn}
        super().__init__(name, base.stage, inputs, opts)
        self.dead_letters = self._dead_letters(name, base, props)
        self.delivery_dead_letters = self._delivery_dead_letters(name, base, topic)
        self.queue = self._queue(name, base, topic, props)
        self.subscription = aws.sns.TopicSubscription(
            f"{name}-subscription",
            topic=topic.arn,
            protocol="sqs",
            endpoint=self.queue.arn,
            raw_message_delivery=True,
            filter_policy=json.dumps(props.messages),
            filter_policy_scope="MessageAttributes",
            redrive_policy=json.dumps({"deadLetterTargetArn": self.delivery_dead_letters.arn}),
            opts=self.child(topic, self.queue, self.delivery_dead_letters, protect=True),
        )
        self.url = self.queue.url
        self.dead_letter_url = self.dead_letters.url
        self.register_outputs({"url": self.url, "deadLetterUrl": self.dead_letter_url})

    def _dead_letters(self, name: str, base: Foundation, props: IntakeProps) -> SecureQueue:
        queue = QueueProps(
            queue_name=base.names.dead_letter_queue(name),
            retention=base.settings.dead_letter_retention,
            sender_roles=props.dead_letter_roles,
            redrive_allow=redrive_allow_policy(base.names.queue_arn(base.names.queue(name))),
        )
        return SecureQueue(f"{name}-dlq", base, queue, self.child())

    def _delivery_dead_letters(
        self, name: str, base: Foundation, topic: TransactionTopic
    ) -> SecureQueue:
        queue = QueueProps(
            queue_name=base.names.delivery_queue(name),
            retention=base.settings.dead_letter_retention,
            topic_arn=topic.arn,
            redrive_allow=redrive_allow_policy(),
        )
        return SecureQueue(f"{name}-delivery-dlq", base, queue, self.child())

    def _queue(
        self, name: str, base: Foundation, topic: TransactionTopic, props: IntakeProps
    ) -> SecureQueue:
        queue = QueueProps(
            queue_name=base.names.queue(name),
            retention=base.settings.queue_retention,
            visibility=props.visibility,
            topic_arn=topic.arn,
            sender_roles=props.redrive_roles,
            redrive=redrive_policy(self.dead_letters.arn, base.settings.max_receive_count),
            redrive_allow=redrive_allow_policy(),
        )
        return SecureQueue(f"{name}-queue", base, queue, self.child(self.dead_letters))


class Unrouted(Intake):
    """The intake of what no service takes: nothing is dropped before a queue."""

    def __init__(
        self,
        name: str,
        base: Foundation,
        topic: TransactionTopic,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        known = [service.transaction_type for service in base.stage.services]
        super().__init__(name, base, topic, IntakeProps(messages=everything_but(known)), opts)
