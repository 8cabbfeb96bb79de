from policy import tokens
from policy.checks.resource_policy import ACCOUNTS, foreign_accounts
from policy.control import Control, Severity

CONTROL = Control(
    id="ecr-cross-account",
    title="A repository's policy lets in no foreign account but those that are named",
    why="A foreign account's administrators then decide who pulls or pushes.",
    severity=Severity.HIGH,
    fix="Remove the account, or add it to the parameter `accounts`.",
    sources=(
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html",
    ),
    judges=(tokens.REPOSITORY_POLICY,),
    reads={tokens.REPOSITORY_POLICY: ("policy",)},
    check=foreign_accounts,
    parameters=(ACCOUNTS,),
)
