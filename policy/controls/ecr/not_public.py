from policy import tokens
from policy.checks.resource_policy import publicly_allowed
from policy.control import Control, Severity

CONTROL = Control(
    id="ecr-not-public",
    title="A repository's policy lets nobody in whom it does not name",
    why="Anybody could pull the images, or push another.",
    severity=Severity.HIGH,
    fix="Name the principals.",
    sources=(
        "cdk-nag AwsSolutions-ECR1",
        "checkov CKV_AWS_32",
        "cfn-lint E3513",
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
    ),
    judges=(tokens.REPOSITORY_POLICY,),
    reads={tokens.REPOSITORY_POLICY: ("policy",)},
    check=publicly_allowed,
)
