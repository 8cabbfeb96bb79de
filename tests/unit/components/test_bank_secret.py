"""The secret for the bank's key."""

from tests.unit.components.harness import Graph

PREFIX = "utility-customer-system-dev"


def test_the_program_gives_the_secret_no_value(dev: Graph) -> None:
    assert dev.one("Secret", "bank-api-key").inputs["name"] == f"{PREFIX}-bank-api-key"
    assert not dev.has("SecretVersion")


def test_the_secret_is_encrypted_with_the_stacks_key(dev: Graph) -> None:
    key = dev.one("Secret", "bank-api-key").inputs["kmsKeyId"]
    assert key == "arn:aws:kms:us-east-2:1:key/the-key"


def test_the_secret_can_be_brought_back_where_stacks_are_shared(local: Graph, dev: Graph) -> None:
    assert dev.one("Secret", "bank-api-key").inputs["recoveryWindowInDays"] == 7
    assert local.one("Secret", "bank-api-key").inputs["recoveryWindowInDays"] == 0
