"""The stack's key, and who may use it for what.

Roles get the key by grants of their own, with `kms:ViaService`; the key policy's first statement
lets identity policies decide. AWS services that act for themselves stand in `service_users`,
each with the condition that its own page names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pulumi
import pulumi_aws as aws

from components.grants import Conditions, Grant, document
from components.names import Names
from components.settings import Settings
from components.stage import Component, Stage

DELETION_WINDOW_DAYS = 30
"""The longest that KMS waits, and so the longest to notice a mistake."""


@dataclass(frozen=True, kw_only=True)
class ServiceUser:
    """An AWS service that uses the key for itself, and the page that says how."""

    principal: str
    actions: tuple[str, ...]
    conditions: Conditions
    why: str
    source: str

    def statement(self) -> Mapping[str, Any]:
        """Its statement in the key policy."""
        return {
            "Sid": self.why,
            "Effect": "Allow",
            "Principal": {"Service": self.principal},
            "Action": list(self.actions),
            "Resource": "*",
            "Condition": self.conditions,
        }


def service_users(names: Names) -> tuple[ServiceUser, ...]:
    """Every AWS service that uses the stack's key on its own account."""
    account = {"aws:SourceAccount": names.account}
    return (
        ServiceUser(
            principal="sns.amazonaws.com",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            conditions={
                "StringEquals": account,
                "ArnLike": {"aws:SourceArn": names.topic_arn(f"{names.prefix}-*")},
            },
            why="TopicsDeliverToEncryptedQueues",
            source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
        ),
        ServiceUser(
            principal="cloudwatch.amazonaws.com",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            conditions={"StringEquals": account},
            why="AlarmsPublishToEncryptedTopics",
            source="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
        ),
        ServiceUser(
            principal=f"logs.{names.region}.amazonaws.com",
            actions=(
                "kms:Encrypt",
                "kms:Decrypt",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
                "kms:GenerateDataKey",
                "kms:DescribeKey",
            ),
            conditions={
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": names.arn(
                        "logs", f"log-group:{names.log_group('*')}"
                    )
                }
            },
            why="LogsEncryptLogGroups",
            source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        ),
    )


def key_policy(names: Names) -> str:
    """The key's policy. In a key policy, the resource `*` is the key itself."""
    administrators = {
        "Sid": "IdentityPoliciesDecide",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{names.account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return document([administrators, *(user.statement() for user in service_users(names))])


def key_grants(
    names: Names, *, reads: tuple[str, ...] = (), writes: tuple[str, ...] = ()
) -> tuple[Grant, ...]:
    """The use of the stack's key through the services that a role reads from and writes to.

    To send to an encrypted queue or topic takes both calls (SQS and SNS guides, "Key
    management"): a data key is made for one message and read again for the next. DynamoDB and
    Secrets Manager read the key of the table or the secret.
    """
    grants = [_key_grant(names, "kms:Decrypt", {*reads, *writes}, "Read what is encrypted")]
    if writes:
        grants.append(_key_grant(names, "kms:GenerateDataKey", {*writes}, "Encrypt what is sent"))
    return tuple(grants)


def _key_grant(names: Names, action: str, services: set[str], why: str) -> Grant:
    # The key is named by its alias: its id is not known before it exists, and the ARN of an alias
    # is no resource of these actions (KMS guide, "Use aliases to control access to KMS keys").
    via = [f"{service}.{names.region}.amazonaws.com" for service in sorted(services)]
    return Grant(
        actions=(action,),
        resources=(names.arn("kms", "key/*"),),
        conditions={
            "StringEquals": {"kms:ViaService": via},
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": names.key_alias},
        },
        why=why,
    )


class EncryptionKey(Component):
    """A customer-managed key with rotation, under an alias that is known beforehand."""

    def __init__(self, name: str, stage: Stage, opts: pulumi.ResourceOptions | None = None) -> None:
        names = stage.names
        super().__init__(name, stage, {"alias": names.key_alias}, opts)
        self.key = aws.kms.Key(
            name,
            description=f"Queues, topics, tables, logs and secrets of {names.prefix}",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=key_policy(names),
            opts=self.child(protect=True),
        )
        self.alias = aws.kms.Alias(
            f"{name}-alias",
            name=names.key_alias,
            target_key_id=self.key.key_id,
            opts=self.child(protect=True),
        )
        self.arn = self.key.arn
        self.register_outputs({"arn": self.arn})


@dataclass(frozen=True)
class Foundation:
    """What nearly every component stands on: the stage, and the key that encrypts its data."""

    stage: Stage
    key: EncryptionKey

    @cached_property
    def names(self) -> Names:
        """The names of everything in the stack."""
        return self.stage.names

    @cached_property
    def settings(self) -> Settings:
        """The stack's settings."""
        return self.stage.settings
