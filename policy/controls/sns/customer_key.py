from policy import tokens
from policy.checks.encryption import uses_own_key
from policy.control import Context, Control, Judgement, Severity
from policy.resource import Resource


def _check(topic: Resource, context: Context) -> Judgement:
    yield from uses_own_key(context.graph, topic, "kmsMasterKeyId")


CONTROL = Control(
    id="sns-customer-key",
    title="A topic is encrypted with a customer-managed key",
    why="AWS services such as CloudWatch alarms cannot publish to a topic with alias/aws/sns.",
    severity=Severity.MEDIUM,
    fix="Name an own key or its alias in kmsMasterKeyId.",
    sources=("https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",),
    judges=(tokens.TOPIC,),
    reads={tokens.TOPIC: ("kmsMasterKeyId",)},
    check=_check,
)
