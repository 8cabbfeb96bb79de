from typing import Final

from policy import tokens
from policy.checks.resource_policy import AWS_SERVICE, closes
from policy.control import Context, Control, Judgement, Level, Severity, Violation
from policy.documents import Statement
from policy.resource import Resource
from policy.views.policies import policy_of

_KEYS: Final = frozenset({"aws:principalarn", "aws:principalaccount"})


def _check(topic: Resource, context: Context) -> Judgement:
    statements = [placed.statement for placed in policy_of(context.graph, topic)]
    closing = [item for item in statements if closes(item, topic, "sns:Publish", _KEYS)]
    own = context.graph.account
    open_to = [item for item in closing if _leaves_somebody(item, own)]
    if closing and not open_to and not any(item.allows for item in statements):
        yield Violation(
            path="policy", found="nobody at all may publish", wanted="named principals or accounts"
        )
    if not closing:
        yield Violation(
            path="policy",
            found="any principal with sns:Publish may publish",
            wanted="Deny sns:Publish to all but named principals or accounts, and AWS services",
        )


def _leaves_somebody(statement: Statement, own: str | None) -> bool:
    keys = {condition.key for condition in statement.conditions}
    accounts = {
        value
        for condition in statement.condition("aws:PrincipalAccount")
        for value in condition.values
    }
    return bool(keys - {AWS_SERVICE}) and (not accounts or own in accounts)


CONTROL = Control(
    id="sns-publishers-named",
    title="A topic policy names who may publish",
    why="Whoever publishes commands steers the system; by identity policies alone every role with"
    " a careless statement may.",
    severity=Severity.MEDIUM,
    fix="Deny sns:Publish unless aws:PrincipalArn or aws:PrincipalAccount is a named one.",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
    ),
    judges=(tokens.TOPIC,),
    reads={tokens.TOPIC: ("policy", "name"), tokens.TOPIC_POLICY: ("policy", "arn")},
    check=_check,
    # Within an account identity policies are enough for AWS; this is for what moves money.
    level=Level.ADVISORY,
)
