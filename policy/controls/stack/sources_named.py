from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.inputs import RESOURCE_DOCUMENT_INPUTS
from policy.iam.scope import unbounded
from policy.resource import Resource
from policy.views.policies import placed_in

_SERVICES: Final = ("sns.amazonaws.com", "cloudwatch.amazonaws.com", "lambda.amazonaws.com")


def _check(holder: Resource, context: Context) -> Judgement:
    del context
    for placed in placed_in(holder):
        statement = placed.statement
        if not statement.allows or not statement.lets_in(_SERVICES):
            continue
        sources = [
            value for condition in statement.naming("aws:SourceArn") for value in condition.values
        ]
        wide = [value for value in sources if unbounded(value)]
        if not sources or wide:
            yield Violation(
                path=placed.path,
                found=f"{', '.join(statement.services())} for {', '.join(wide) or 'any source'}",
                wanted="aws:SourceArn of the topic, alarm or function, or a prefix of its name",
            )


CONTROL = Control(
    id="stack-sources-named",
    title="A service that sends, publishes or pulls is let in for a named source",
    why="By account alone every topic, alarm or function of the account gets in.",
    severity=Severity.MEDIUM,
    fix="Add aws:SourceArn with the ARN of the source.",
    sources=(
        "https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    judges=(
        tokens.QUEUE,
        tokens.QUEUE_POLICY,
        tokens.TOPIC,
        tokens.TOPIC_POLICY,
        tokens.REPOSITORY_POLICY,
    ),
    reads=RESOURCE_DOCUMENT_INPUTS,
    check=_check,
)
