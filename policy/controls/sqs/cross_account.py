from policy import tokens
from policy.checks.resource_policy import ACCOUNTS, foreign_accounts
from policy.control import Control, Severity

CONTROL = Control(
    id="sqs-cross-account",
    title="A queue policy lets in no foreign account but those that are named",
    why="A foreign account's administrators decide who may use what its account may use.",
    severity=Severity.HIGH,
    fix="Remove the account, or add it to the parameter `accounts`.",
    sources=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html",
    ),
    judges=(tokens.QUEUE, tokens.QUEUE_POLICY),
    reads={tokens.QUEUE: ("policy",), tokens.QUEUE_POLICY: ("policy",)},
    check=foreign_accounts,
    parameters=(ACCOUNTS,),
)
