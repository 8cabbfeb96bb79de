from policy import tokens
from policy.checks.resource_policy import publicly_allowed
from policy.control import Control, Severity

CONTROL = Control(
    id="sqs-not-public",
    title="A queue policy lets nobody in whom it does not name",
    why="Anybody with an AWS account could send, read or purge.",
    severity=Severity.CRITICAL,
    fix="Name the principals, or add a condition on the calling account, organisation or ARN.",
    sources=(
        "FSBP SQS.3",
        "checkov CKV_AWS_168",
        "checkov CKV_AWS_387",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/sqs-controls.html",
    ),
    judges=(tokens.QUEUE, tokens.QUEUE_POLICY),
    reads={tokens.QUEUE: ("policy",), tokens.QUEUE_POLICY: ("policy",)},
    check=publicly_allowed,
)
