from collections.abc import Mapping

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(repository: Resource, context: Context) -> Judgement:
    del context
    if not repository.flag("imageScanningConfiguration", "scanOnPush"):
        yield Violation(path="imageScanningConfiguration.scanOnPush", found="off", wanted="true")


def _remedy(inputs: Mapping[str, object], _context: Context) -> Mapping[str, object]:
    return {**inputs, "imageScanningConfiguration": {"scanOnPush": True}}


CONTROL = Control(
    id="ecr-scan-on-push",
    title="Images are scanned when they are pushed",
    why="A known hole in a base image stays unknown to whoever runs it.",
    severity=Severity.HIGH,
    fix="Set imageScanningConfiguration.scanOnPush.",
    sources=(
        "FSBP ECR.1",
        "checkov CKV_AWS_163",
        "pulumi aws-ecr-repository-enable-image-scan",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html",
    ),
    judges=(tokens.REPOSITORY,),
    reads={tokens.REPOSITORY: ("imageScanningConfiguration",)},
    check=_check,
    remedy=_remedy,
)
