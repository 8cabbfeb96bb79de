from policy import tokens
from policy.checks import tags
from policy.control import Control, Severity

CONTROL = Control(
    id="sns-tagged",
    title="A topic is tagged",
    why="Cost, ownership and access by tag depend on it.",
    severity=Severity.LOW,
    fix="Set tags, or the provider's default tags.",
    sources=(
        "Security Hub SNS.3",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html",
    ),
    judges=(tokens.TOPIC,),
    reads={tokens.TOPIC: ("tags",)},
    check=tags.missing_tags,
    parameters=tags.PARAMETERS,
    remedy=tags.add_tags,
)
