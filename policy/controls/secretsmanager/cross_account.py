from policy import tokens
from policy.checks.resource_policy import ACCOUNTS, foreign_accounts
from policy.control import Control, Severity

CONTROL = Control(
    id="secretsmanager-cross-account",
    title="A secret's policy lets in no foreign account but those that are named",
    why="A foreign account's administrators then decide who reads the secret.",
    severity=Severity.HIGH,
    fix="Remove the account, or add it to the parameter `accounts`.",
    sources=(
        "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html",
    ),
    judges=(tokens.SECRET, tokens.SECRET_POLICY),
    reads={tokens.SECRET: ("policy",), tokens.SECRET_POLICY: ("policy",)},
    check=foreign_accounts,
    parameters=(ACCOUNTS,),
)
