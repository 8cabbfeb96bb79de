"""The stack's tables in a pretended DynamoDB."""

from typing import Any


def make_circuit_table(client: Any) -> str:  # noqa: ANN401 - moto's client is boto3's
    """Makes it; gives its name."""
    client.create_table(
        TableName="circuit",
        KeySchema=[
            {"AttributeName": "service", "KeyType": "HASH"},
            {"AttributeName": "record", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "service", "AttributeType": "S"},
            {"AttributeName": "record", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return "circuit"
