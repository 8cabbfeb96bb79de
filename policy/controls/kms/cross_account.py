from policy import tokens
from policy.checks.resource_policy import ACCOUNTS, foreign_accounts
from policy.control import Control, Severity

CONTROL = Control(
    id="kms-cross-account",
    title="A key's policy lets in no foreign account but those that are named",
    why="A foreign account's administrators then decide who decrypts.",
    severity=Severity.HIGH,
    fix="Remove the account, or add it to the parameter `accounts`.",
    sources=(
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
    ),
    judges=(tokens.KEY, tokens.KEY_POLICY),
    reads={tokens.KEY: ("policy",), tokens.KEY_POLICY: ("policy",)},
    check=foreign_accounts,
    parameters=(ACCOUNTS,),
)
