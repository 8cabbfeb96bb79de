from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.database import expand, fits, knows
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS


def _judge(grant: Grant, context: Context) -> Judgement:
    del context
    statement = grant.statement
    if not statement.actions:
        return
    actions = [action for pattern in statement.actions for action in expand(pattern)]
    if any(not knows(item.partition(":")[0]) for item in statement.actions):
        return
    for action in actions:
        wanted = ", ".join(action.resource_types)
        if action.scopable and not any(fits(action, item) for item in statement.resources):
            yield Violation(
                path=grant.path,
                found=f"{action} on {', '.join(statement.resources) or 'nothing'}",
                wanted=f"a resource of type {wanted}",
            )
        if not action.scopable and "*" not in statement.resources:
            yield Violation(
                path=grant.path,
                found=f"{action} on {', '.join(statement.resources)}",
                wanted="*: AWS cannot limit this action, so nothing is granted",
            )
    for item in statement.resources:
        if actions and not any(fits(action, item) for action in actions):
            yield Violation(
                path=grant.path,
                found=f"{item}, on which none of the actions works",
                wanted="resources that the actions of the statement work on",
            )


CONTROL = Control(
    id="iam-resource-fits",
    title="Every action is granted on resources of its kind",
    why="sqs:SendMessage on a topic's ARN grants nothing, and nobody says so.",
    severity=Severity.MEDIUM,
    fix="Give the ARN of a resource of the action's type; * where AWS has none.",
    sources=(
        "cfn-lint I3510",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
)
