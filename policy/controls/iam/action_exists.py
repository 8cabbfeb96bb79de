from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.database import expand, knows
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS


def _judge(grant: Grant, context: Context) -> Judgement:
    del context
    for pattern in (*grant.statement.actions, *grant.statement.not_actions):
        service = pattern.partition(":")[0]
        if pattern == "*" or not knows(service):
            continue
        if not expand(pattern):
            yield Violation(
                path=grant.path, found=f"{pattern}, which AWS does not have", wanted="an action"
            )


CONTROL = Control(
    id="iam-action-exists",
    title="Every action in a policy exists",
    why="IAM accepts a misspelt action and grants nothing; the call fails in production.",
    severity=Severity.MEDIUM,
    fix="Correct the name; AWS's Service Authorization Reference lists them.",
    sources=(
        "cfn-lint W3037",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
)
