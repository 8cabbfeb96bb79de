"""The two tables: the ledger of transactions and the circuits with their histories."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.encryption import EncryptionKey
from components.stage import Component, Stage

LEDGER_INDEX = "by_group"
"""The ledger's index by customer and service, in the order of sending."""


class SecureTable(Component):
    """A table on demand, restorable to any second, encrypted with the stack's key."""

    def __init__(
        self,
        name: str,
        stage: Stage,
        key: EncryptionKey,
        *,
        table_name: str,
        attributes: Mapping[str, str],
        hash_key: str,
        range_key: str | None = None,
        indexes: Sequence[aws.dynamodb.TableGlobalSecondaryIndexArgs] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, stage, {"tableName": table_name}, opts)
        self.arn = stage.names.table_arn(table_name)
        self.table = aws.dynamodb.Table(
            name,
            name=table_name,
            billing_mode="PAY_PER_REQUEST",
            hash_key=hash_key,
            range_key=range_key,
            attributes=[
                aws.dynamodb.TableAttributeArgs(name=attribute, type=kind)
                for attribute, kind in attributes.items()
            ],
            global_secondary_indexes=list(indexes),
            ttl=aws.dynamodb.TableTtlArgs(attribute_name="expires_at", enabled=True),
            point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=True),
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(
                enabled=True, kms_key_arn=key.arn
            ),
            deletion_protection_enabled=stage.settings.deletion_protection,
            opts=self.child(protect=True),
        )
        self.register_outputs({"arn": self.arn})


class LedgerTable(SecureTable):
    """Every transaction once, by service and message id."""

    def __init__(
        self,
        name: str,
        stage: Stage,
        key: EncryptionKey,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            name,
            stage,
            key,
            table_name=stage.names.ledger_table,
            attributes={"id": "S", "group": "S", "sent_at": "N"},
            hash_key="id",
            indexes=[
                aws.dynamodb.TableGlobalSecondaryIndexArgs(
                    name=LEDGER_INDEX,
                    key_schemas=[
                        {"attribute_name": "group", "key_type": "HASH"},
                        {"attribute_name": "sent_at", "key_type": "RANGE"},
                    ],
                    projection_type="ALL",
                )
            ],
            opts=opts,
        )


class CircuitTable(SecureTable):
    """The state of each service's circuit, its lease and its history."""

    def __init__(
        self,
        name: str,
        stage: Stage,
        key: EncryptionKey,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            name,
            stage,
            key,
            table_name=stage.names.circuit_table,
            attributes={"service": "S", "record": "S"},
            hash_key="service",
            range_key="record",
            opts=opts,
        )
