"""The four topics: transactions in, control, outcomes out, and notifications for people."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.encryption import EncryptionKey
from components.grants import document
from components.names import Names
from components.stage import Component, Stage


def deny_plain_http(topic_arn: str) -> Mapping[str, Any]:
    """Nobody may publish without TLS (SNS guide, "Security best practices")."""
    return {
        "Sid": "DenyPlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def deny_other_accounts(topic_arn: str, account: str) -> Mapping[str, Any]:
    """Who may publish is decided in this account alone."""
    return {
        "Sid": "DenyOtherAccounts",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["sns:Publish", "sns:Subscribe"],
        "Resource": topic_arn,
        "Condition": {
            "StringNotEquals": {"aws:PrincipalAccount": account},
            "Bool": {"aws:PrincipalIsAWSService": "false"},
        },
    }


def deny_other_publishers(topic_arn: str, principals: Sequence[str]) -> Mapping[str, Any]:
    """No principal but these may publish; AWS services need a statement that allows them."""
    return {
        "Sid": "DenyOtherPublishers",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {
            "ArnNotEquals": {"aws:PrincipalArn": list(principals)},
            "Bool": {"aws:PrincipalIsAWSService": "false"},
        },
    }


def allow_alarms(topic_arn: str, names: Names) -> Mapping[str, Any]:
    """The stack's alarms may publish (CloudWatch guide, "Notifying users on alarm changes")."""
    return {
        "Sid": "AllowAlarms",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {
            "ArnLike": {"aws:SourceArn": names.alarm_arn(f"{names.prefix}-*")},
            "StringEquals": {"aws:SourceAccount": names.account},
        },
    }


class SecureTopic(Component):
    """One encrypted topic with its policy."""

    def __init__(
        self,
        name: str,
        stage: Stage,
        key: EncryptionKey,
        *,
        topic_name: str,
        statements: Sequence[Mapping[str, Any]],
        archive_days: int = 0,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, stage, {"topicName": topic_name}, opts)
        fifo = topic_name.endswith(".fifo")
        self.arn = stage.names.topic_arn(topic_name)
        archive = {"MessageRetentionPeriod": archive_days}
        self.topic = aws.sns.Topic(
            name,
            name=topic_name,
            fifo_topic=True if fifo else None,
            content_based_deduplication=False if fifo else None,
            fifo_throughput_scope="MessageGroup" if fifo else None,
            archive_policy=json.dumps(archive) if archive_days else None,
            kms_master_key_id=stage.names.key_alias,
            opts=self.child(key.alias, protect=True),
        )
        self.policy = aws.sns.TopicPolicy(
            f"{name}-policy",
            arn=self.arn,
            policy=document(statements),
            opts=self.child(self.topic, protect=True),
        )
        self.register_outputs({"arn": self.arn})


class TransactionTopic(SecureTopic):
    """The FIFO topic on which customers' transactions arrive."""

    def __init__(
        self,
        name: str,
        stage: Stage,
        key: EncryptionKey,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        names = stage.names
        arn = names.topic_arn(names.transaction_topic)
        super().__init__(
            name,
            stage,
            key,
            topic_name=names.transaction_topic,
            statements=[deny_plain_http(arn), deny_other_accounts(arn, names.account)],
            archive_days=stage.settings.topic_archive_days,
            opts=opts,
        )


class ControlTopic(SecureTopic):
    """Commands of operators, trips of workers and the alarms that are the circuits' backstop."""

    def __init__(
        self,
        name: str,
        stage: Stage,
        key: EncryptionKey,
        *,
        operators: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        names = stage.names
        arn = names.topic_arn(names.control_topic)
        publishers = [names.role_arn(service.name) for service in stage.services]
        super().__init__(
            name,
            stage,
            key,
            topic_name=names.control_topic,
            statements=[
                deny_plain_http(arn),
                allow_alarms(arn, names),
                deny_other_publishers(arn, [*publishers, *operators]),
            ],
            opts=opts,
        )


class OutcomesTopic(SecureTopic):
    """The FIFO topic on which the workers announce every transaction's end."""

    def __init__(
        self,
        name: str,
        stage: Stage,
        key: EncryptionKey,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        names = stage.names
        arn = names.topic_arn(names.outcomes_topic)
        publishers = [names.role_arn(service.name) for service in stage.services]
        super().__init__(
            name,
            stage,
            key,
            topic_name=names.outcomes_topic,
            statements=[deny_plain_http(arn), deny_other_publishers(arn, publishers)],
            opts=opts,
        )


class NotificationsTopic(SecureTopic):
    """What people are told: alarms, transitions, answers to `status`; by e-mail if wished."""

    def __init__(
        self,
        name: str,
        stage: Stage,
        key: EncryptionKey,
        *,
        manager: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        names = stage.names
        arn = names.topic_arn(names.notifications_topic)
        super().__init__(
            name,
            stage,
            key,
            topic_name=names.notifications_topic,
            statements=[
                deny_plain_http(arn),
                allow_alarms(arn, names),
                deny_other_publishers(arn, [names.role_arn(manager)]),
            ],
            opts=opts,
        )
        if stage.settings.notification_email:
            aws.sns.TopicSubscription(
                f"{name}-email",
                topic=arn,
                protocol="email",
                endpoint=stage.settings.notification_email,
                opts=self.child(self.topic),
            )
