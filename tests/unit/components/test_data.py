"""Tables, key, secret, images: what holds data and what code comes from."""

import json
from pathlib import Path
from typing import Any

import yaml

from components.encryption import service_users
from components.names import Names
from tests.unit.components.harness import ROOT, SERVICES, Graph, document, run

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


def test_tables_are_on_demand_restorable_encrypted_and_expire_items(any_stack: Graph) -> None:
    for table in any_stack.all("Table"):
        assert table.inputs["billingMode"] == "PAY_PER_REQUEST"
        assert table.inputs["pointInTimeRecovery"] == {"enabled": True}
        assert table.inputs["ttl"] == {"attributeName": "expires_at", "enabled": True}
        encryption = table.inputs["serverSideEncryption"]
        assert encryption["enabled"] is True
        assert encryption["kmsKeyArn"].startswith("arn:aws:kms:")


def test_tables_are_protected_from_deletion_in_shared_stacks(local: Graph, prod: Graph) -> None:
    assert [t.inputs["deletionProtectionEnabled"] for t in prod.all("Table")] == [True, True]
    assert [t.inputs["deletionProtectionEnabled"] for t in local.all("Table")] == [False, False]


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


def test_the_secret_has_no_value_and_is_encrypted_and_recoverable_where_stacks_are_shared(
    local: Graph, dev: Graph
) -> None:
    assert dev.all("SecretVersion") == []
    inputs = dev.one("Secret", "bank-api-key").inputs
    assert inputs["name"] == f"{PREFIX}-bank-api-key"
    assert inputs["kmsKeyId"] == "arn:aws:kms:us-east-2:1:key/the-key"
    assert inputs["recoveryWindowInDays"] == 7
    assert local.one("Secret", "bank-api-key").inputs["recoveryWindowInDays"] == 0


def test_repositories_are_immutable_scanned_encrypted_and_kept_small(any_stack: Graph) -> None:
    for repository in any_stack.all("Repository"):
        inputs = repository.inputs
        assert inputs["imageTagMutability"] == "IMMUTABLE"
        assert inputs["imageScanningConfiguration"] == {"scanOnPush": True}
        (encryption,) = inputs["encryptionConfigurations"]
        assert encryption["encryptionType"] == "KMS"
        assert encryption["kmsKey"].startswith("arn:aws:kms:")
    for policy in any_stack.all("LifecyclePolicy"):
        (rule,) = json.loads(policy.inputs["policy"])["rules"]
        assert rule["selection"]["countNumber"] == 20


def test_an_image_is_pulled_by_its_own_function_only_once_lambda_may(dev: Graph) -> None:
    for service in (*SERVICES, "subscription-manager"):
        policy = dev.one("RepositoryPolicy", f"{service}-pulls")
        (pulls,) = document(policy.inputs["policy"])
        assert policy.inputs["repository"] == f"{PREFIX}-{service}"
        assert pulls["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert pulls["Action"] == ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        function = f"arn:aws:lambda:us-east-2:210987654321:function:{PREFIX}-{service}"
        assert pulls["Condition"] == {"StringLike": {"aws:SourceArn": function}}
        assert policy.urn in dev.one("Function", f"{service}-function").dependencies


def test_a_preview_builds_no_image_and_an_update_builds_for_one_platform(dev: Graph) -> None:
    for image in dev.all("docker:index/image:Image"):
        assert image.inputs["buildOnPreview"] is False
        assert image.inputs["skipPush"] is False
        assert image.inputs["build"]["platform"] == "linux/amd64"


def test_an_image_is_tagged_by_its_content_and_built_from_its_own_files(dev: Graph) -> None:
    image = dev.one("docker:index/image:Image", "payment-processing-image").inputs
    name, _, tag = image["imageName"].rpartition(":")
    assert name == f"210987654321.dkr.ecr.us-east-2.amazonaws.com/{PREFIX}-payment-processing"
    assert len(tag) == 16
    context = ROOT / image["build"]["context"]
    packages = {path.name for path in (context / "handlers").iterdir() if path.is_dir()}
    assert packages == {"common", "payment_processing"}
    assert image["build"]["args"]["SERVICE"] == "payment-processing"


def test_another_base_image_is_another_tag() -> None:
    def tag(changes: dict[str, str]) -> str:
        images = run("local", changes).all("docker:index/image:Image")
        return next(i.inputs["imageName"] for i in images if i.name.startswith("payment"))

    assert tag({"baseImage": "python:3.14"}) != tag({})
    assert tag({}) == tag({})


def test_arm_is_a_setting_of_image_and_function() -> None:
    stack = run("dev", {"architecture": "arm64"})
    image = stack.one("docker:index/image:Image", "payment-processing-image").inputs
    assert image["build"]["platform"] == "linux/arm64"
    function = stack.one("Function", "payment-processing-function").inputs
    assert function["architectures"] == ["arm64"]


def test_the_recipe_is_pinned_to_the_same_base_image_as_the_schema() -> None:
    recipe = (ROOT / "handlers" / "Dockerfile").read_text()
    schema = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    assert f"ARG BASE_IMAGE={schema['baseImage']['default']}\n" in recipe
    assert "syntax=" not in recipe


def test_the_context_of_the_recipe_lets_nothing_else_in() -> None:
    lines = Path(ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "**"
    assert {r for r in rules if r.startswith("!")} == {
        *("!handlers", "!requirements/handlers.txt"),
        # local/containers/Dockerfile has the same context.
        *("!requirements/local.txt", "!components", "!control", "!local", "!__main__.py"),
        *("!Pulumi.yaml", "!Pulumi.local.yaml"),
    }


def test_compose_builds_on_the_same_base_image() -> None:
    schema = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    base = schema["baseImage"]["default"]
    assert f"ARG BASE_IMAGE={base}\n" in (ROOT / "local/containers/Dockerfile").read_text()
    assert f"BASE_IMAGE: ${{BASE_IMAGE:-{base}}}\n" in (ROOT / "docker-compose.yml").read_text()


def test_a_pinned_image_is_run_and_not_built() -> None:
    digest = f"sha256:{'a' * 64}"
    stack = run("dev", {"images": {"payment-processing": digest}})
    uri = stack.one("Function", "payment-processing-function").inputs["imageUri"]
    assert uri.endswith(f"/{PREFIX}-payment-processing@{digest}")
    assert "payment-processing-image" not in {image.name for image in stack.all("Image")}
    assert "bank-account-setup-image" in {image.name for image in stack.all("Image")}
