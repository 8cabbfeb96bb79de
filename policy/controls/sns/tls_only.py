from policy import tokens
from policy.checks.resource_policy import missing_tls
from policy.control import Context, Control, Judgement, Severity
from policy.resource import Resource


def _check(topic: Resource, context: Context) -> Judgement:
    yield from missing_tls(context.graph, topic, ("sns:Publish",))


CONTROL = Control(
    id="sns-tls-only",
    title="Nobody publishes to a topic without TLS",
    why="SNS also answers plain HTTP; messages would cross the network in the clear.",
    severity=Severity.HIGH,
    fix="Add a topic policy that denies sns:Publish to * when aws:SecureTransport is false.",
    sources=(
        "cdk-nag AwsSolutions-SNS3",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    ),
    judges=(tokens.TOPIC,),
    reads={tokens.TOPIC: ("policy", "name"), tokens.TOPIC_POLICY: ("policy", "arn")},
    check=_check,
)
