from typing import Final

from policy import tokens
from policy.checks.steering import IDENTITY_INPUTS, by_identity, by_policy, listing, lists
from policy.control import Context, Control, Judgement, Severity
from policy.resource import Resource

_PUBLISHES: Final = ("sns:Publish",)


def _check(topic: Resource, context: Context) -> Judgement:
    for listed in lists(topic, context, "publishers", "publish to"):
        yield from by_identity(context.graph, listed, _PUBLISHES)
        yield from by_policy(context.graph, listed, _PUBLISHES)


CONTROL = Control(
    id="sns-topic-publishers",
    title="A topic that steers the system is published to by its own programs only",
    why="Whoever publishes to the control topic stops and starts services.",
    severity=Severity.HIGH,
    fix="Take sns:Publish away from the others.",
    sources=("https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html",),
    judges=(tokens.TOPIC,),
    reads={
        tokens.TOPIC: ("name", "policy"),
        tokens.TOPIC_POLICY: ("policy", "arn"),
        **IDENTITY_INPUTS,
    },
    check=_check,
    parameters=(
        listing(
            "publishers",
            "Patterns of roles, components and services that may publish, by a pattern of the"
            " topic's name",
        ),
    ),
)
