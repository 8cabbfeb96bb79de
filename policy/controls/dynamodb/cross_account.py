from policy import tokens
from policy.checks.resource_policy import ACCOUNTS, foreign_accounts
from policy.control import Control, Severity

CONTROL = Control(
    id="dynamodb-cross-account",
    title="A table's policy lets in no foreign account but those that are named",
    why="A foreign account's administrators then decide who reads and writes.",
    severity=Severity.HIGH,
    fix="Remove the account, or add it to the parameter `accounts`.",
    sources=(
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-cross-account-access.html",
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-bpa-rbp.html",
    ),
    judges=(tokens.TABLE_POLICY,),
    reads={tokens.TABLE_POLICY: ("policy",)},
    check=foreign_accounts,
    parameters=(ACCOUNTS,),
)
