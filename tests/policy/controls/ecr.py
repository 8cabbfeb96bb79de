"""Repositories of images."""

import json

from tests.policy.cases import Case, allows, lets
from tests.policy.sound.edits import given, gone, unknown
from tests.policy.sound.parts import arn

RULE = {
    "rulePriority": 1,
    "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1},
    "action": {"type": "expire"},
}


def rule(**selection: str) -> str:
    """A lifecycle policy of one rule that selects images in another way."""
    selected = {**selection, "countUnit": "days", "countNumber": 90}
    return json.dumps({"rules": [{**RULE, "selection": selected}]})


LAMBDA = {"Service": "lambda.amazonaws.com"}
SOURCE = {"ArnLike": {"aws:SourceArn": arn("lambda", "function:shop-dev-pay")}}

CASES = (
    Case(
        "ecr-scan-on-push",
        (
            given("pay-repository", imageScanningConfiguration=None),
            given("pay-repository", imageScanningConfiguration={"scanOnPush": False}),
        ),
        (unknown("pay-repository", "imageScanningConfiguration"),),
    ),
    Case(
        "ecr-immutable-tags",
        (
            given("pay-repository", imageTagMutability=None),
            given("pay-repository", imageTagMutability="MUTABLE"),
        ),
        (unknown("pay-repository", "imageTagMutability"),),
    ),
    Case(
        "ecr-lifecycle",
        (
            gone("pay-lifecycle"),
            given("pay-lifecycle", policy="{}"),
            given("pay-lifecycle", policy=json.dumps({"rules": [RULE]})),
            given("pay-lifecycle", policy=rule(tagStatus="any", countType="sinceImagePushed")),
            given("pay-lifecycle", policy=rule(tagStatus="any", countType="sinceImageBuilt")),
        ),
        (
            unknown("pay-lifecycle", "policy"),
            unknown("pay-lifecycle", "repository"),
        ),
        (
            given("pay-lifecycle", policy=rule(tagStatus="untagged", countType="sinceImagePulled")),
            given(
                "pay-lifecycle", policy=rule(tagStatus="any", countType="sinceImageTransitioned")
            ),
        ),
    ),
    Case(
        "ecr-encrypted",
        (
            given("pay-repository", encryptionConfigurations=None),
            given("pay-repository", encryptionConfigurations=[{"encryptionType": "AES256"}]),
            given("pay-repository", encryptionConfigurations=[{"encryptionType": "KMS"}]),
            given("key", keyUsage="GENERATE_VERIFY_MAC"),
        ),
        (unknown("pay-repository", "encryptionConfigurations"),),
    ),
    Case(
        "ecr-not-public",
        (allows("pay-pulls", lets("*", "ecr:BatchGetImage")),),
        (unknown("pay-pulls", "policy"),),
    ),
    Case(
        "ecr-no-force-delete",
        (given("pay-repository", forceDelete=True),),
        (unknown("pay-repository", "forceDelete"),),
        (given("pay-repository", forceDelete=False),),
    ),
    Case(
        "ecr-service-principal",
        (allows("pay-pulls", lets(LAMBDA, "ecr:BatchGetImage")),),
        (unknown("pay-pulls", "policy"),),
    ),
    Case(
        "ecr-cross-account",
        (
            allows(
                "pay-pulls", lets({"AWS": "arn:aws:iam::999999999999:root"}, "ecr:BatchGetImage")
            ),
        ),
        (unknown("pay-pulls", "policy"),),
    ),
    Case(
        "ecr-function-may-pull",
        (
            gone("pay-pulls"),
            allows("pay-pulls", lets(LAMBDA, "ecr:BatchGetImage", **SOURCE)),
            allows("pay-pulls", lets(LAMBDA, "ecr:*", **SOURCE)),
        ),
        (
            unknown("pay-pulls", "policy"),
            unknown("pay-pulls", "repository"),
        ),
    ),
)
