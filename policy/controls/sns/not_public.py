from policy import tokens
from policy.checks.resource_policy import publicly_allowed
from policy.control import Control, Severity

CONTROL = Control(
    id="sns-not-public",
    title="A topic policy lets nobody in whom it does not name",
    why="Anybody with an AWS account could publish or subscribe.",
    severity=Severity.CRITICAL,
    fix="Name the principals, or add a condition on the calling account, organisation or ARN.",
    sources=(
        "FSBP SNS.4",
        "checkov CKV_AWS_169",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html",
    ),
    judges=(tokens.TOPIC, tokens.TOPIC_POLICY),
    reads={tokens.TOPIC: ("policy",), tokens.TOPIC_POLICY: ("policy",)},
    check=publicly_allowed,
)
