from policy import tokens
from policy.checks.resource_policy import star_actions
from policy.control import Control, Severity

CONTROL = Control(
    id="sns-no-star-action",
    title="A topic policy allows actions by name",
    why="A publisher that may do everything may also subscribe, re-configure and delete.",
    severity=Severity.HIGH,
    fix="List the actions that the principal needs.",
    sources=("https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",),
    judges=(tokens.TOPIC, tokens.TOPIC_POLICY),
    reads={tokens.TOPIC: ("policy",), tokens.TOPIC_POLICY: ("policy",)},
    check=star_actions,
)
