"""The ledger and the circuits."""

from tests.unit.components.harness import Graph

PREFIX = "utility-customer-system-dev"


def test_the_ledger_is_keyed_by_id_and_found_by_group_in_order_of_sending(dev: Graph) -> None:
    inputs = dev.one("Table", "ledger").inputs
    assert inputs["name"] == f"{PREFIX}-ledger"
    assert (inputs["hashKey"], inputs.get("rangeKey")) == ("id", None)
    (index,) = inputs["globalSecondaryIndexes"]
    assert index["name"] == "by_group"
    assert index["keySchemas"] == [
        {"attributeName": "group", "keyType": "HASH"},
        {"attributeName": "sent_at", "keyType": "RANGE"},
    ]
    types = {a["name"]: a["type"] for a in inputs["attributes"]}
    assert types == {"id": "S", "group": "S", "sent_at": "N"}


def test_circuits_are_keyed_by_service_and_record(dev: Graph) -> None:
    inputs = dev.one("Table", "circuit").inputs
    assert inputs["name"] == f"{PREFIX}-circuit"
    assert (inputs["hashKey"], inputs["rangeKey"]) == ("service", "record")


def test_tables_are_paid_for_by_the_request(any_stack: Graph) -> None:
    for table in any_stack.all("Table"):
        assert table.inputs["billingMode"] == "PAY_PER_REQUEST"


def test_tables_can_be_brought_back_to_any_moment(any_stack: Graph) -> None:
    for table in any_stack.all("Table"):
        assert table.inputs["pointInTimeRecovery"] == {"enabled": True}


def test_items_expire(any_stack: Graph) -> None:
    for table in any_stack.all("Table"):
        assert table.inputs["ttl"] == {"attributeName": "expires_at", "enabled": True}


def test_tables_are_encrypted_with_a_key_of_our_own(any_stack: Graph) -> None:
    for table in any_stack.all("Table"):
        encryption = table.inputs["serverSideEncryption"]
        assert encryption["enabled"] is True
        assert encryption["kmsKeyArn"].startswith("arn:aws:kms:")


def test_tables_are_protected_from_deletion_in_shared_stacks(local: Graph, prod: Graph) -> None:
    assert [t.inputs["deletionProtectionEnabled"] for t in prod.all("Table")] == [True, True]
    assert [t.inputs["deletionProtectionEnabled"] for t in local.all("Table")] == [False, False]
