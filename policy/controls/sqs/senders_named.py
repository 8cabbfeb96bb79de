from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Level, Severity, Violation
from policy.documents import Condition, Statement
from policy.graph import Resource
from policy.views.queues import policy_of

_KEYS: Final = frozenset({"aws:principalarn", "aws:principalisawsservice"})


def _check(queue: Resource, context: Context) -> Judgement:
    statements = (placed.statement for placed in policy_of(context.graph, queue))
    if not any(_closes(statement) for statement in statements):
        yield Violation(
            path="policy",
            found="any role of the account with sqs:SendMessage may send",
            wanted="Deny sqs:SendMessage to all principals but named ones and AWS services",
        )


def _closes(statement: Statement) -> bool:
    return (
        not statement.allows
        and statement.anyone
        and statement.covers("sqs:SendMessage")
        and bool(statement.resources)
        and all(_exempts_named(condition) for condition in statement.conditions)
    )


def _exempts_named(condition: Condition) -> bool:
    if condition.key == "aws:principalisawsservice":
        return condition.values == ("false",)
    negated = "not" in condition.operator.lower()
    return condition.key in _KEYS and negated and not any("*" in item for item in condition.values)


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
