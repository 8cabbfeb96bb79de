"""The stack's tables, for a pretended DynamoDB as for the embedded AWS."""

from typing import Any

Client = Any  # moto's client is boto3's; plain dictionaries go in and out


def make_table(client: Client, name: str, *keys: str) -> str:
    """A table with one or two keys of text; gives its name."""
    client.create_table(
        TableName=name,
        KeySchema=_keys(*keys),
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def make_circuit_table(client: Client, name: str = "circuit") -> str:
    return make_table(client, name, "service", "record")


def make_ledger_table(client: Client, name: str = "ledger") -> str:
    """With its index of each group's order."""
    client.create_table(
        TableName=name,
        KeySchema=_keys("id"),
        AttributeDefinitions=[
            {"AttributeName": key, "AttributeType": kind}
            for key, kind in (("id", "S"), ("group", "S"), ("sent_at", "N"))
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_group",
                "KeySchema": _keys("group", "sent_at"),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def _keys(*names: str) -> list[dict[str, str]]:
    kinds = ("HASH", "RANGE")
    return [
        {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, kinds, strict=False)
    ]
