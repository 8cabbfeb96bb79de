"""The four topics: transactions in, control, outcomes out, and notifications for people."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.encryption import Foundation
from components.grants import document
from components.names import MANAGER, Names
from components.stage import Component


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


@dataclass(frozen=True, kw_only=True)
class TopicProps:
    """What a topic is like.

    Attributes:
        topic_name: Its name in AWS; one that ends in .fifo makes a FIFO topic.
        statements: Its policy.
        archive_days: Days that it keeps messages for a replay; 0 for none.
    """

    topic_name: str
    statements: Sequence[Mapping[str, Any]]
    archive_days: int = 0


class SecureTopic(Component):
    """One encrypted topic with its policy."""

    def __init__(
        self,
        name: str,
        base: Foundation,
        props: TopicProps,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, base.stage, {"topicName": props.topic_name}, opts)
        fifo = props.topic_name.endswith(".fifo")
        archive = {"MessageRetentionPeriod": str(props.archive_days)}
        self.arn = base.names.topic_arn(props.topic_name)
        self.topic = aws.sns.Topic(
            name,
            name=props.topic_name,
            fifo_topic=True if fifo else None,
            content_based_deduplication=False if fifo else None,
            fifo_throughput_scope="MessageGroup" if fifo else None,
            archive_policy=json.dumps(archive) if props.archive_days else None,
            kms_master_key_id=base.names.key_alias,
            tracing_config="Active",
            opts=self.child(base.key.alias, protect=True),
        )
        self.policy = aws.sns.TopicPolicy(
            f"{name}-policy",
            arn=self.arn,
            policy=document(props.statements),
            opts=self.child(self.topic, protect=True),
        )
        self.register_outputs({"arn": self.arn})


class TransactionTopic(SecureTopic):
    """The FIFO topic on which customers' transactions arrive."""

    def __init__(
        self, name: str, base: Foundation, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        names = base.names
        arn = names.topic_arn(names.transaction_topic)
        props = TopicProps(
            topic_name=names.transaction_topic,
            statements=[deny_plain_http(arn), deny_other_accounts(arn, names.account)],
            archive_days=base.settings.topic_archive_days,
        )
        super().__init__(name, base, props, opts)


class ControlTopic(SecureTopic):
    """Commands of operators, trips of workers and the alarms that are the circuits' backstop."""

    def __init__(
        self,
        name: str,
        base: Foundation,
        operators: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        names = base.names
        arn = names.topic_arn(names.control_topic)
        props = TopicProps(
            topic_name=names.control_topic,
            statements=[
                deny_plain_http(arn),
                allow_alarms(arn, names),
                deny_other_publishers(arn, [*worker_roles(base), *operators]),
            ],
        )
        super().__init__(name, base, props, opts)


class OutcomesTopic(SecureTopic):
    """The FIFO topic on which the workers announce every transaction's end."""

    def __init__(
        self, name: str, base: Foundation, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        arn = base.names.topic_arn(base.names.outcomes_topic)
        props = TopicProps(
            topic_name=base.names.outcomes_topic,
            statements=[deny_plain_http(arn), deny_other_publishers(arn, worker_roles(base))],
        )
        super().__init__(name, base, props, opts)


class NotificationsTopic(SecureTopic):
    """What people are told: alarms, transitions, answers to `status`; by e-mail if wished."""

    def __init__(
        self, name: str, base: Foundation, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        names = base.names
        arn = names.topic_arn(names.notifications_topic)
        props = TopicProps(
            topic_name=names.notifications_topic,
            statements=[
                deny_plain_http(arn),
                allow_alarms(arn, names),
                deny_other_publishers(arn, [names.role_arn(MANAGER)]),
            ],
        )
        super().__init__(name, base, props, opts)
        if base.settings.notification_email:
            aws.sns.TopicSubscription(
                f"{name}-email",
                topic=arn,
                protocol="email",
                endpoint=base.settings.notification_email,
                # Not protected: another address is another subscription, and this one goes.
                opts=self.child(self.topic),
            )


def worker_roles(base: Foundation) -> list[str]:
    """The ARNs of the workers' roles."""
    return [base.names.role_arn(service.name) for service in base.stage.services]
