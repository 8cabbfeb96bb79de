from policy import tokens
from policy.checks.resource_policy import publicly_allowed
from policy.control import Control, Severity

CONTROL = Control(
    id="kms-not-public",
    title="A key's policy lets nobody in whom it does not name",
    why="Anybody with an AWS account could decrypt.",
    severity=Severity.CRITICAL,
    fix="Name the principals, or add kms:CallerAccount.",
    sources=(
        "FSBP KMS.5",
        "checkov CKV_AWS_33",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html",
    ),
    judges=(tokens.KEY, tokens.KEY_POLICY),
    reads={tokens.KEY: ("policy",), tokens.KEY_POLICY: ("policy",)},
    check=publicly_allowed,
)
