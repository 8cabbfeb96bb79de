from policy import tokens
from policy.checks import tags
from policy.control import Control, Severity

CONTROL = Control(
    id="sqs-tagged",
    title="A queue is tagged",
    why="Cost, ownership and access by tag depend on it.",
    severity=Severity.LOW,
    fix="Set tags, or the provider's default tags.",
    sources=(
        "Security Hub SQS.2",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/sqs-controls.html",
    ),
    judges=(tokens.QUEUE,),
    reads={tokens.QUEUE: ("tags",)},
    check=tags.missing_tags,
    parameters=tags.PARAMETERS,
    remedy=tags.add_tags,
)
