from policy import tokens
from policy.checks.resource_policy import ACCOUNTS, foreign_accounts
from policy.control import Control, Severity

CONTROL = Control(
    id="sns-cross-account",
    title="A topic policy lets in no foreign account but those that are named",
    why="A foreign account's administrators decide who may use what its account may use.",
    severity=Severity.HIGH,
    fix="Remove the account, or add it to the parameter `accounts`.",
    sources=(
        "checkov CKV_AWS_385",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html",
    ),
    judges=(tokens.TOPIC, tokens.TOPIC_POLICY),
    reads={tokens.TOPIC: ("policy",), tokens.TOPIC_POLICY: ("policy",)},
    check=foreign_accounts,
    parameters=(ACCOUNTS,),
)
