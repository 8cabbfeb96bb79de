from policy import tokens
from policy.checks.resource_policy import publicly_allowed
from policy.control import Control, Severity

CONTROL = Control(
    id="secretsmanager-not-public",
    title="A secret's policy lets nobody in whom it does not name",
    why="Anybody with an AWS account could read the secret; by default AWS takes such a policy.",
    severity=Severity.CRITICAL,
    fix="Name the principals, or add a condition on the calling account, organisation or ARN.",
    sources=(
        "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html",
    ),
    judges=(tokens.SECRET, tokens.SECRET_POLICY),
    reads={tokens.SECRET: ("policy",), tokens.SECRET_POLICY: ("policy",)},
    check=publicly_allowed,
)
