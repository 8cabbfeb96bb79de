from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.database import Access, expand
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS
from policy.iam.scope import reaches_everything


def _judge(grant: Grant, context: Context) -> Judgement:
    del context
    statement = grant.statement
    if not reaches_everything(statement):
        return
    writes = sorted(
        {
            str(action)
            for pattern in statement.actions
            for action in expand(pattern)
            if action.access is Access.WRITE and action.scopable
        }
    )
    if writes:
        yield Violation(
            path=grant.path,
            found=f"{len(writes)} writing actions such as {writes[0]} on every resource",
            wanted="the resources that are written to",
        )


CONTROL = Control(
    id="iam-write-unconstrained",
    title="No policy allows writing to every resource",
    why="What can be written can be destroyed.",
    severity=Severity.HIGH,
    fix="Name the ARNs.",
    sources=(
        "checkov CKV_AWS_111",
        "checkov CKV_AWS_290",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
)
