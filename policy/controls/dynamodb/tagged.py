from policy import tokens
from policy.checks import tags
from policy.control import Control, Severity

CONTROL = Control(
    id="dynamodb-tagged",
    title="A table is tagged",
    why="Cost, ownership, backup and access by tag depend on it.",
    severity=Severity.LOW,
    fix="Set tags, or the provider's default tags.",
    sources=(
        "Security Hub DynamoDB.5",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html",
    ),
    judges=(tokens.TABLE,),
    reads={tokens.TABLE: ("tags",)},
    check=tags.missing_tags,
    parameters=tags.PARAMETERS,
    remedy=tags.add_tags,
)
