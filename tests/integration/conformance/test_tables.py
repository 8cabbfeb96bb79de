"""What this project relies on of DynamoDB."""

import pytest

from tests.emulated_account import Account, refusal
from tests.tables import make_circuit_table


@pytest.fixture
def table(account: Account) -> str:
    return make_circuit_table(account.tables, account.name("table"))


KEY = {"service": {"S": "payment"}, "record": {"S": "state"}}


def test_a_conditional_write_happens_once(account: Account, table: str) -> None:
    arguments = {
        "TableName": table,
        "Item": KEY,
        "ConditionExpression": "attribute_not_exists(service)",
    }

    assert refusal(account.tables.put_item, **arguments) == ""
    assert refusal(account.tables.put_item, **arguments) == "ConditionalCheckFailedException"


def test_an_update_is_fenced_by_a_generation(account: Account, table: str) -> None:
    account.tables.put_item(TableName=table, Item=KEY | {"generation": {"N": "1"}})
    arguments = {
        "TableName": table,
        "Key": KEY,
        "UpdateExpression": "SET generation = generation + :one",
        "ConditionExpression": "generation = :known",
        "ExpressionAttributeValues": {":one": {"N": "1"}, ":known": {"N": "1"}},
    }

    assert refusal(account.tables.update_item, **arguments) == ""
    assert refusal(account.tables.update_item, **arguments) == "ConditionalCheckFailedException"


def test_a_failed_condition_gives_the_old_item_back(account: Account, table: str) -> None:
    account.tables.put_item(TableName=table, Item=KEY | {"generation": {"N": "7"}})

    with pytest.raises(account.tables.exceptions.ConditionalCheckFailedException) as failed:
        account.tables.put_item(
            TableName=table,
            Item=KEY,
            ConditionExpression="attribute_not_exists(service)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    assert failed.value.response.get("Item", {})["generation"] == {"N": "7"}


def test_a_transaction_is_all_or_nothing(account: Account, table: str) -> None:
    account.tables.put_item(TableName=table, Item=KEY)
    other = KEY | {"record": {"S": "history"}}

    found = refusal(
        account.tables.transact_write_items,
        TransactItems=[
            {"Put": {"TableName": table, "Item": other}},
            {
                "Put": {
                    "TableName": table,
                    "Item": KEY,
                    "ConditionExpression": "attribute_not_exists(service)",
                }
            },
        ],
    )

    assert found == "TransactionCanceledException"
    assert "Item" not in account.tables.get_item(TableName=table, Key=other)


def test_decimals_come_back_as_they_were_written(account: Account, table: str) -> None:
    account.tables.put_item(TableName=table, Item=KEY | {"amount": {"N": "120.10"}})

    found = account.tables.get_item(TableName=table, Key=KEY)["Item"]

    assert float(found["amount"]["N"]) == 120.1


def test_time_to_live_and_recovery_are_settings_that_stay(account: Account, table: str) -> None:
    account.tables.update_time_to_live(
        TableName=table,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"},
    )
    account.tables.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )

    lifetime = account.tables.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    backups = account.tables.describe_continuous_backups(TableName=table)
    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]

    assert lifetime.get("AttributeName") == "expires_at"
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
