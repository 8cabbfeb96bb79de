from collections.abc import Mapping

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(key: Resource, context: Context) -> Judgement:
    del context
    usage = key.text("keyUsage") or "ENCRYPT_DECRYPT"
    if usage != "ENCRYPT_DECRYPT" or key.has("customKeyStoreId"):
        return
    if not key.flag("enableKeyRotation"):
        yield Violation(path="enableKeyRotation", found="off", wanted="true")


def _remedy(inputs: Mapping[str, object], _context: Context) -> Mapping[str, object]:
    return {**inputs, "enableKeyRotation": True}


CONTROL = Control(
    id="kms-rotation",
    title="A key rotates",
    why="Audits ask for it: new data goes under new key material, and what is old stays readable.",
    severity=Severity.MEDIUM,
    fix="Set enableKeyRotation.",
    sources=(
        "Security Hub KMS.4",
        "cdk-nag AwsSolutions-KMS5",
        "checkov CKV_AWS_7",
        "pulumi aws-kms-key-enable-key-rotation",
        "awsguard cmk-backing-key-rotation-enabled",
        "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html",
    ),
    judges=(tokens.KEY,),
    reads={tokens.KEY: ("enableKeyRotation", "keyUsage", "customKeyStoreId")},
    check=_check,
    remedy=_remedy,
)
