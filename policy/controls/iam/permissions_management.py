from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.database import Access, expand
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS
from policy.iam.scope import bounded


def _judge(grant: Grant, context: Context) -> Judgement:
    del context
    found = sorted(
        {
            str(action)
            for pattern in grant.statement.actions
            for action in expand(pattern)
            if action.access is Access.PERMISSIONS and str(action) not in _PER_USE
        }
    )
    if found and not bounded(grant.statement):
        yield Violation(
            path=grant.path,
            found=f"{', '.join(found[:4])}: changes who may do what",
            wanted="no permissions management in a workload's role",
        )


# iam:PassRole has a control of its own.
_PER_USE: Final = frozenset({"iam:PassRole"})

CONTROL = Control(
    id="iam-permissions-management",
    title="A workload does not change permissions",
    why="Whoever sets policies gives itself the rest.",
    severity=Severity.HIGH,
    fix="Leave permissions to the deployment; there, demand iam:PermissionsBoundary.",
    sources=(
        "checkov CKV_AWS_109",
        "checkov CKV_AWS_289",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
)
