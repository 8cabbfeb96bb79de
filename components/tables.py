"""The two tables: the ledger of transactions and the circuits with their histories."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.encryption import Foundation
from components.stage import Component

LEDGER_INDEX = "by_group"
"""The ledger's index by customer and service, in the order of sending."""


@dataclass(frozen=True, kw_only=True)
class TableProps:
    """A table's name, its keys, and the types of all keys.

    Attributes:
        table_name: Its name in AWS.
        attributes: Key attributes and their types, S or N.
        hash_key: The partition key.
        range_key: The sort key.
        indexes: Global secondary indexes: name to partition and sort key.
    """

    table_name: str
    attributes: Mapping[str, str]
    hash_key: str
    range_key: str | None = None
    indexes: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])


class SecureTable(Component):
    """A table on demand, restorable to any second, encrypted with the stack's key."""

    def __init__(
        self,
        name: str,
        base: Foundation,
        props: TableProps,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, base.stage, {"tableName": props.table_name}, opts)
        self.arn = base.names.table_arn(props.table_name)
        self.table = aws.dynamodb.Table(
            name,
            name=props.table_name,
            billing_mode="PAY_PER_REQUEST",
            hash_key=props.hash_key,
            range_key=props.range_key,
            attributes=[
                aws.dynamodb.TableAttributeArgs(name=attribute, type=kind)
                for attribute, kind in props.attributes.items()
            ],
            global_secondary_indexes=[_index(*index) for index in props.indexes.items()] or None,
            ttl=aws.dynamodb.TableTtlArgs(attribute_name="expires_at", enabled=True),
            point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=True),
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(
                enabled=True, kms_key_arn=base.key.arn
            ),
            deletion_protection_enabled=base.settings.deletion_protection,
            opts=self.child(protect=True),
        )
        self.register_outputs({"arn": self.arn})


def _index(name: str, keys: tuple[str, str]) -> aws.dynamodb.TableGlobalSecondaryIndexArgs:
    kinds = zip(keys, ("HASH", "RANGE"), strict=True)
    return aws.dynamodb.TableGlobalSecondaryIndexArgs(
        name=name,
        key_schemas=[
            aws.dynamodb.TableGlobalSecondaryIndexKeySchemaArgs(attribute_name=key, key_type=kind)
            for key, kind in kinds
        ],
        projection_type="ALL",
    )


class LedgerTable(SecureTable):
    """Every transaction once, by service and message id."""

    def __init__(
        self, name: str, base: Foundation, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        props = TableProps(
            table_name=base.names.ledger_table,
            attributes={"id": "S", "group": "S", "sent_at": "N"},
            hash_key="id",
            indexes={LEDGER_INDEX: ("group", "sent_at")},
        )
        super().__init__(name, base, props, opts)


class CircuitTable(SecureTable):
    """The state of each service's circuit, its lease and its history."""

    def __init__(
        self, name: str, base: Foundation, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        props = TableProps(
            table_name=base.names.circuit_table,
            attributes={"service": "S", "record": "S"},
            hash_key="service",
            range_key="record",
        )
        super().__init__(name, base, props, opts)
