"""The keys, and who may use them."""

from typing import Any

from components.encryption import service_users
from components.names import Names
from tests.unit.components.harness import SERVICES, Graph, document

PREFIX = "utility-customer-system-dev"


def test_the_key_rotates(any_stack: Graph) -> None:
    assert any_stack.one("kms/key:Key", "key").inputs["enableKeyRotation"] is True


def test_keys_are_slow_to_delete_and_protected_in_shared_stacks(any_stack: Graph) -> None:
    keys = any_stack.all("kms/key:Key")
    assert [key.inputs["deletionWindowInDays"] for key in keys] == [30, 30]


def test_the_key_of_the_fingerprints_makes_macs_and_no_service_may_use_it(
    any_stack: Graph,
) -> None:
    inputs = any_stack.one("kms/key:Key", "fingerprints").inputs
    assert inputs["keyUsage"] == "GENERATE_VERIFY_MAC"
    assert inputs["customerMasterKeySpec"] == "HMAC_256"
    assert "enableKeyRotation" not in inputs
    (statement,) = document(inputs["policy"])
    assert statement["Principal"]["AWS"].endswith(":root")


def test_only_workers_derive_the_secret_of_the_fingerprints(any_stack: Graph) -> None:
    allowed = {
        policy.inputs["role"]: statement
        for policy in any_stack.all("RolePolicy")
        for statement in document(policy.inputs["policy"])
        if "kms:GenerateMac" in statement["Action"]
    }
    prefix = any_stack.one("Table", "ledger").inputs["name"].removesuffix("-ledger")
    assert set(allowed) == {f"{prefix}-{service}" for service in SERVICES}
    for statement in allowed.values():
        assert statement["Condition"] == {
            "Null": {"kms:ViaService": "true"},
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{prefix}-fingerprints"},
        }


def users(stack: Graph) -> dict[str, dict[str, Any]]:
    key = stack.one("kms/key:Key", "key")
    return {s["Principal"].get("Service", "account"): s for s in document(key.inputs["policy"])}


def test_identity_policies_decide_for_the_account(dev: Graph) -> None:
    statement = users(dev)["account"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::210987654321:root"}


def test_services_use_the_key_under_the_conditions_of_their_pages(dev: Graph) -> None:
    found = users(dev)
    assert set(found) == {
        "account",
        "sns.amazonaws.com",
        "cloudwatch.amazonaws.com",
        "logs.us-east-2.amazonaws.com",
    }
    account = {"aws:SourceAccount": "210987654321"}
    assert found["sns.amazonaws.com"]["Condition"] == {
        "ArnLike": {"aws:SourceArn": f"arn:aws:sns:us-east-2:210987654321:{PREFIX}-*"},
    }
    assert found["cloudwatch.amazonaws.com"]["Condition"] == {"StringEquals": account}
    group = f"arn:aws:logs:us-east-2:210987654321:log-group:/aws/lambda/{PREFIX}-*"
    assert found["logs.us-east-2.amazonaws.com"]["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": group}
    }


def test_every_service_that_uses_the_key_has_a_page_that_says_so() -> None:
    for user in service_users(Names(stack="dev", account="1" * 12, region="us-east-2")):
        assert user.source.startswith("https://docs.aws.amazon.com/")
