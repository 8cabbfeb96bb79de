"""FIFO queues with dead letters, encrypted, over TLS only, fed by whom they name."""

from collections.abc import Mapping, Sequence
from typing import Any

import json

import pulumi
import pulumi_aws as aws

from components.encryption import EncryptionKey
from components.grants import document
from components.stage import Component, Stage


def deny_plain_http(resource: str, actions: str) -> Mapping[str, Any]:
    """Nobody may reach the resource without TLS (SQS guide, "Security best practices")."""
    return {
        "Sid": "DenyPlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": actions,
        "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def allow_topic(queue_arn: str, topic_arn: str, account: str) -> Mapping[str, Any]:
    """One topic of this account may send to the queue (SNS guide, "Subscribe a queue")."""
    return {
        "Sid": "AllowTopic",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {
            "ArnEquals": {"aws:SourceArn": topic_arn},
            "StringEquals": {"aws:SourceAccount": account},
        },
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


class SecureQueue(Component):
    """One encrypted queue with its policy: over TLS only, and only from named senders."""

    def __init__(
        self,
        name: str,
        stage: Stage,
        key: EncryptionKey,
        *,
        queue_name: str,
        fifo: bool = True,
        retention: int,
        visibility: int | None = None,
        topic_arn: str | None = None,
        sender_roles: Sequence[str] = (),
        redrive: str | None = None,
        redrive_allow: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"queueName": queue_name, "topic": topic_arn, "senders": list(sender_roles)}
        super().__init__(name, stage, inputs, opts)
        names = stage.names
        self.arn = names.queue_arn(queue_name)
        self.queue = aws.sqs.Queue(
            name,
            name=queue_name,
            fifo_queue=True if fifo else None,
            deduplication_scope="messageGroup" if fifo else None,
            fifo_throughput_limit="perMessageGroupId" if fifo else None,
            kms_master_key_id=names.key_alias,
            kms_data_key_reuse_period_seconds=300,
            message_retention_seconds=retention,
            visibility_timeout_seconds=visibility,
            redrive_policy=redrive,
            redrive_allow_policy=redrive_allow,
            opts=self.child(key.alias, protect=True),
        )
        statements = [deny_plain_http(self.arn, "sqs:*")]
        if topic_arn is not None:
            statements.append(allow_topic(self.arn, topic_arn, names.account))
        statements.append(deny_other_senders(self.arn, sender_roles))
        self.policy = aws.sqs.QueuePolicy(
            f"{name}-policy",
            queue_url=self.queue.url,
            policy=document(statements),
            opts=self.child(protect=True),
        )
        self.url = self.queue.url
        self.register_outputs({"arn": self.arn, "url": self.url})
