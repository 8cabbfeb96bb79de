from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.queues import redrive_in

_KEPT: Final = ("sqs", "lambda", "http", "https", "firehose")


def _check(subscription: Resource, context: Context) -> Judgement:
    if subscription.text("protocol") not in _KEPT:
        return
    if redrive_in(context.graph, subscription) is None:
        yield Violation(
            path="redrivePolicy",
            found="no dead-letter queue",
            wanted="redrivePolicy with deadLetterTargetArn",
        )


CONTROL = Control(
    id="sns-subscription-redrive",
    title="A subscription keeps what it cannot deliver",
    why="A wrong queue or key policy is a client error: SNS does not retry it and drops the"
    " message.",
    severity=Severity.HIGH,
    fix="Set redrivePolicy on the subscription, not only on the queue behind it.",
    sources=(
        "cdk-nag Serverless-SNSRedrivePolicy",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html",
    ),
    judges=(tokens.SUBSCRIPTION,),
    reads={tokens.SUBSCRIPTION: ("redrivePolicy", "protocol"), tokens.QUEUE: ("name",)},
    check=_check,
)
