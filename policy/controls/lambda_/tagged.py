from policy import tokens
from policy.checks import tags
from policy.control import Control, Severity

CONTROL = Control(
    id="lambda-tagged",
    title="A function is tagged",
    why="Cost, ownership and access by tag depend on it.",
    severity=Severity.LOW,
    fix="Set tags, or the provider's default tags.",
    sources=(
        "Security Hub Lambda.6",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("tags",)},
    check=tags.missing_tags,
    parameters=tags.PARAMETERS,
    remedy=tags.add_tags,
)
