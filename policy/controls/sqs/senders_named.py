from typing import Final

from policy import tokens
from policy.checks.resource_policy import closes
from policy.control import Context, Control, Judgement, Level, Severity, Violation
from policy.resource import Resource
from policy.views.policies import policy_of

_KEYS: Final = frozenset({"aws:principalarn"})


def _check(queue: Resource, context: Context) -> Judgement:
    statements = (placed.statement for placed in policy_of(context.graph, queue))
    if not any(closes(statement, queue, "sqs:SendMessage", _KEYS) for statement in statements):
        yield Violation(
            path="policy",
            found="any role of the account with sqs:SendMessage may send",
            wanted="Deny sqs:SendMessage to all principals but named ones and AWS services",
        )


CONTROL = Control(
    id="sqs-senders-named",
    title="A queue policy names who may send",
    why="By identity policies alone every role with a careless statement may send, and a forged"
    " transaction is worked like a real one.",
    severity=Severity.MEDIUM,
    fix="Deny sqs:SendMessage unless aws:PrincipalArn is a named role or the caller is a service.",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
    ),
    judges=(tokens.QUEUE,),
    reads={tokens.QUEUE: ("policy", "name"), tokens.QUEUE_POLICY: ("policy", "queueUrl")},
    check=_check,
    # Within an account identity policies are enough for AWS; this is for what moves money.
    level=Level.ADVISORY,
)
