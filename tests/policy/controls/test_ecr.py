import json

import pytest

from tests.policy.cases import Case, allows, lets, rows
from tests.policy.sound import Edit, arn, given, gone, unknown

RULE = {
    "rulePriority": 1,
    "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1},
    "action": {"type": "expire"},
}
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
        ),
        (
            unknown("pay-lifecycle", "policy"),
            unknown("pay-lifecycle", "repository"),
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


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "holds"))
def test_holds_on_a_sound_program(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.holds
    assert verdicts.judged


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "violated"))
def test_is_violated(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.violations
    assert not verdicts.crashes


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "undecided"))
def test_is_undecided_and_says_what_is_not_known(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.undecided
    assert all(said.path for _, said in verdicts.undecided)
    assert not verdicts.violations
    assert not verdicts.crashes
