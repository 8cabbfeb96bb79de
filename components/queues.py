"""FIFO queues with dead letters, encrypted, over TLS only, fed by whom they name."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.encryption import Foundation
from components.grants import document
from components.stage import Component


def deny_plain_http(queue_arn: str) -> Mapping[str, Any]:
    """Nobody may reach the queue without TLS (SQS guide, "Security best practices")."""
    return {
        "Sid": "DenyPlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": queue_arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def allow_topic(queue_arn: str, topic_arn: str) -> Mapping[str, Any]:
    """One topic may send to the queue (SNS guide, "Subscribe a queue"); its ARN has the account."""
    return {
        "Sid": "AllowTopic",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
    }


def deny_other_senders(queue_arn: str, roles: Sequence[str]) -> Mapping[str, Any]:
    """No principal but these roles may send; AWS services are judged by the statements above."""
    conditions: dict[str, Mapping[str, Any]] = {"Bool": {"aws:PrincipalIsAWSService": "false"}}
    if roles:
        conditions["ArnNotEquals"] = {"aws:PrincipalArn": list(roles)}
    return {
        "Sid": "DenyOtherSenders",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": conditions,
    }


def redrive_policy(dead_letter_arn: str, max_receive_count: int) -> str:
    """Where a message goes after too many receives."""
    return json.dumps(
        {"deadLetterTargetArn": dead_letter_arn, "maxReceiveCount": max_receive_count}
    )


def redrive_allow_policy(*sources: str) -> str:
    """Which queues may use this one for their dead letters."""
    if not sources:
        return json.dumps({"redrivePermission": "denyAll"})
    return json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": list(sources)})


@dataclass(frozen=True, kw_only=True)
class QueueProps:
    """What a queue is like.

    Attributes:
        queue_name: Its name in AWS; one that ends in .fifo makes a FIFO queue.
        retention: Seconds that it keeps a message.
        redrive_allow: Which queues may use it for their dead letters, as a policy.
        redrive: Its own dead letters, as a policy.
        visibility: Seconds that a delivered message stays hidden; None is SQS's default.
        topic_arn: The topic that may send to it.
        sender_roles: ARNs of the roles that may send to it.
    """

    queue_name: str
    retention: int
    redrive_allow: str
    redrive: str | None = None
    visibility: int | None = None
    topic_arn: str | None = None
    sender_roles: tuple[str, ...] = ()


class SecureQueue(Component):
    """One encrypted queue with its policy: over TLS only, and only from named senders."""

    def __init__(
        self,
        name: str,
        base: Foundation,
        props: QueueProps,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "queueName": props.queue_name,
            "topic": props.topic_arn,
            "senders": list(props.sender_roles),
        }
        super().__init__(name, base.stage, inputs, opts)
        fifo = props.queue_name.endswith(".fifo")
        self.arn = base.names.queue_arn(props.queue_name)
        self.queue = aws.sqs.Queue(
            name,
            name=props.queue_name,
            fifo_queue=True if fifo else None,
            # High throughput: order and limits by message group, that is by customer.
            deduplication_scope="messageGroup" if fifo else None,
            fifo_throughput_limit="perMessageGroupId" if fifo else None,
            kms_master_key_id=base.names.key_alias,
            message_retention_seconds=props.retention,
            visibility_timeout_seconds=props.visibility,
            redrive_policy=props.redrive,
            redrive_allow_policy=props.redrive_allow,
            opts=self.child(base.key.alias, protect=True),
        )
        self.policy = aws.sqs.QueuePolicy(
            f"{name}-policy",
            queue_url=self.queue.url,
            policy=document(self._statements(props)),
            opts=self.child(protect=True),
        )
        self.url = self.queue.url
        self.register_outputs({"arn": self.arn, "url": self.url})

    def _statements(self, props: QueueProps) -> list[Mapping[str, Any]]:
        statements = [
            deny_plain_http(self.arn),
            deny_other_senders(self.arn, props.sender_roles),
        ]
        if props.topic_arn is not None:
            statements.append(allow_topic(self.arn, props.topic_arn))
        return statements
