from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.dangers import CREDENTIALS_EXPOSURE
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS
from policy.iam.scope import reaches_everything


def _judge(grant: Grant, context: Context) -> Judgement:
    del context
    if not reaches_everything(grant.statement):
        return
    found = [action for action in CREDENTIALS_EXPOSURE if grant.statement.covers(action)]
    if found:
        yield Violation(
            path=grant.path,
            found=f"{', '.join(found)} on everything",
            wanted="none, or named roles and functions",
        )


CONTROL = Control(
    id="iam-credentials-exposure",
    title="No policy hands out credentials of everybody",
    why="The answer of these actions is a key, a session or code that may hold one.",
    severity=Severity.HIGH,
    fix="Name the roles or functions.",
    sources=(
        "checkov CKV_AWS_107",
        "checkov CKV_AWS_287",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
)
