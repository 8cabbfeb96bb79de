from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.database import expand, knows
from policy.iam.inputs import RESOURCE_DOCUMENT_INPUTS
from policy.resource import Resource
from policy.views.policies import placed_in


def _check(holder: Resource, context: Context) -> Judgement:
    del context
    for placed in placed_in(holder):
        statement = placed.statement
        for pattern in (*statement.actions, *statement.not_actions):
            service = pattern.partition(":")[0]
            if pattern != "*" and knows(service) and not expand(pattern):
                yield Violation(
                    path=placed.path,
                    found=f"{pattern}, which AWS does not have",
                    wanted="an action",
                )
        if not statement.allows and not statement.conditions and statement.anyone:
            yield Violation(
                path=placed.path,
                found="everybody is denied, always",
                wanted="a condition, or no statement",
            )


CONTROL = Control(
    id="stack-policy-actions",
    title="A resource policy names actions that exist, and denies nobody everything",
    why="A misspelt action denies nothing; a denial without a condition locks everybody out.",
    severity=Severity.MEDIUM,
    fix="Correct the action, add the condition.",
    sources=(
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    ),
    judges=(tokens.RESOURCE_DOCUMENT,),
    reads=RESOURCE_DOCUMENT_INPUTS,
    check=_check,
)
