"""Which table the ledger is, as it is noted beside the circuit."""

from typing import Any

import pytest

from handlers.common.errors import AwsUnavailable
from handlers.common.ledger.guard import DynamoIdentities, Identity
from tests.tables import make_circuit_table, make_ledger_table
from tests.unit.handlers.common.figures import SERVICE


@pytest.fixture
def client(dynamodb: Any) -> Any:  # noqa: ANN401 - boto3's client
    make_ledger_table(dynamodb)
    make_circuit_table(dynamodb)
    return dynamodb


def test_the_first_table_is_noted_and_another_is_told_apart(client: Any) -> None:  # noqa: ANN401 - see above
    identities = DynamoIdentities(client, "ledger", "circuit")
    first = identities.actual()
    assert identities.known(SERVICE, first) == Identity(table=first)
    client.delete_table(TableName="ledger")
    make_ledger_table(client)

    second = identities.actual()

    assert second != first
    assert identities.known(SERVICE, second) == Identity(table=first)


def test_what_an_administrator_notes_is_read(client: Any) -> None:  # noqa: ANN401 - see above
    client.put_item(
        TableName="circuit",
        Item={
            "service": {"S": SERVICE},
            "record": {"S": "ledger"},
            "table": {"S": "t"},
            "restored_to": {"N": "1700000000"},
        },
    )

    known = DynamoIdentities(client, "ledger", "circuit").known(SERVICE, "other")

    assert known == Identity(table="t", restored_to=1_700_000_000.0)


def test_a_table_that_is_gone_is_aws_failing(client: Any) -> None:  # noqa: ANN401 - see above
    client.delete_table(TableName="ledger")

    with pytest.raises(AwsUnavailable):
        DynamoIdentities(client, "ledger", "circuit").actual()
