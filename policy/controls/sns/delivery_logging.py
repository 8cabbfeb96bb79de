from policy import tokens
from policy.control import Context, Control, Judgement, Level, Severity, Violation
from policy.resource import Resource


def _check(topic: Resource, context: Context) -> Judgement:
    del context
    if not any(key.endswith("FailureFeedbackRoleArn") for key in topic.inputs):
        yield Violation(
            path="sqsFailureFeedbackRoleArn", found="no delivery status logging", wanted="a role"
        )


CONTROL = Control(
    id="sns-delivery-logging",
    title="A topic logs failed deliveries",
    why="The log says why a delivery failed.",
    severity=Severity.LOW,
    fix="Set a failure feedback role for each protocol.",
    sources=(
        "Security Hub SNS.2 (retired 2024-04)",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html",
    ),
    judges=(tokens.TOPIC,),
    reads={tokens.TOPIC: ("sqsFailureFeedbackRoleArn", "lambdaFailureFeedbackRoleArn")},
    check=_check,
    level=Level.DISABLED,
    off_because="AWS retired it in April 2024; the subscription's dead-letter queue keeps the"
    " message itself, and a metric counts failed deliveries.",
)
