from policy import tokens
from policy.checks.resource_policy import star_actions
from policy.control import Control, Severity

CONTROL = Control(
    id="sqs-no-star-action",
    title="A queue policy allows actions by name",
    why="A sender that may do everything may also read, purge and re-configure the queue.",
    severity=Severity.HIGH,
    fix="List the actions that the principal needs.",
    sources=(
        "checkov CKV_AWS_72",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    ),
    judges=(tokens.QUEUE, tokens.QUEUE_POLICY),
    reads={tokens.QUEUE: ("policy",), tokens.QUEUE_POLICY: ("policy",)},
    check=star_actions,
)
