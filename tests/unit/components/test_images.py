"""What code comes from: repositories, images, and the recipe for both."""

import json
from pathlib import Path

import yaml

from tests.unit.components.harness import ROOT, SERVICES, Graph, document, run

PREFIX = "utility-customer-system-dev"


def test_a_tag_is_never_given_to_another_image(any_stack: Graph) -> None:
    for repository in any_stack.all("Repository"):
        assert repository.inputs["imageTagMutability"] == "IMMUTABLE"


def test_images_are_scanned_when_they_are_pushed(any_stack: Graph) -> None:
    for repository in any_stack.all("Repository"):
        assert repository.inputs["imageScanningConfiguration"] == {"scanOnPush": True}


def test_repositories_are_encrypted_with_a_key_of_our_own(any_stack: Graph) -> None:
    for repository in any_stack.all("Repository"):
        (encryption,) = repository.inputs["encryptionConfigurations"]
        assert encryption["encryptionType"] == "KMS"
        assert encryption["kmsKey"].startswith("arn:aws:kms:")


def test_repositories_keep_their_last_twenty_images(any_stack: Graph) -> None:
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
