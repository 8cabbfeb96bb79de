from policy import tokens
from policy.checks import tags
from policy.control import Control, Severity

CONTROL = Control(
    id="kms-tagged",
    title="A key is tagged",
    why="A key's id is AWS's own: whose it is, and who may manage it, is told by its tags.",
    severity=Severity.LOW,
    fix="Set tags, or the provider's default tags.",
    sources=("https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html",),
    judges=(tokens.KEY,),
    reads={tokens.KEY: ("tags",)},
    check=tags.missing_tags,
    parameters=tags.PARAMETERS,
    remedy=tags.add_tags,
)
