"""The stack's keys, and who may use them for what.

Roles get the key by grants of their own, with `kms:ViaService`; the key policy's first statement
lets identity policies decide. AWS services that act for themselves stand in `service_users`,
each with the condition that its own page names. The key of the ledger's fingerprints encrypts
nothing, and no service uses it.
"""

from collections.abc import Iterable, Mapping, Sequence
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
    return (
        ServiceUser(
            principal="sns.amazonaws.com",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            conditions={"ArnLike": {"aws:SourceArn": names.topic_arn(f"{names.prefix}-*")}},
            why="TopicsDeliverToEncryptedQueues",
            source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
        ),
        ServiceUser(
            principal="cloudwatch.amazonaws.com",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            conditions={"StringEquals": {"aws:SourceAccount": names.account}},
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


def key_policy(names: Names, users: Iterable[ServiceUser] = ()) -> str:
    """A key's policy. In a key policy, the resource `*` is the key itself."""
    administrators = {
        "Sid": "IdentityPoliciesDecide",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{names.account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return document([administrators, *(user.statement() for user in users)])


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


def fingerprint_grant(names: Names) -> Grant:
    """The use of the fingerprints' key, which is for one call and through no service."""
    return Grant(
        actions=("kms:GenerateMac",),
        resources=(names.arn("kms", "key/*"),),
        conditions={"Null": {"kms:ViaService": "true"}, **known_as(names.fingerprint_alias)},
        why="The secret in the ledger's fingerprints follows from a key that never leaves KMS",
    )


def known_as(alias: str | Sequence[str]) -> Conditions:
    """Only keys under this alias, or one of these.

    A key's id is not known before it exists, and the ARN of an alias is no resource of the actions
    that use a key (KMS guide, "Use aliases to control access to KMS keys").
    """
    return {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}}


def _key_grant(names: Names, action: str, services: set[str], why: str) -> Grant:
    via = [f"{service}.{names.region}.amazonaws.com" for service in sorted(services)]
    return Grant(
        actions=(action,),
        resources=(names.arn("kms", "key/*"),),
        conditions={"StringEquals": {"kms:ViaService": via}, **known_as(names.key_alias)},
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
            policy=key_policy(names, service_users(names)),
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


class FingerprintKey(Component):
    """An HMAC key for the ledger's fingerprints. AWS cannot rotate one: the digests would change.

    https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
    """

    def __init__(self, name: str, stage: Stage, opts: pulumi.ResourceOptions | None = None) -> None:
        names = stage.names
        super().__init__(name, stage, {"alias": names.fingerprint_alias}, opts)
        key = aws.kms.Key(
            name,
            description=f"Fingerprints in the ledger of {names.prefix}",
            key_usage="GENERATE_VERIFY_MAC",
            customer_master_key_spec="HMAC_256",
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=key_policy(names),
            opts=self.child(protect=True),
        )
        self.alias = aws.kms.Alias(
            f"{name}-alias",
            name=names.fingerprint_alias,
            target_key_id=key.key_id,
            opts=self.child(protect=True),
        )
        self.register_outputs({"arn": key.arn})


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
