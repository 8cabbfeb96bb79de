from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS


def _judge(grant: Grant, context: Context) -> Judgement:
    del context
    statement = grant.statement
    stars = [item for item in statement.actions if item in ("*", "*:*")]
    if stars and "*" in statement.resources:
        yield Violation(path=grant.path, found="everything on everything", wanted="named actions")


CONTROL = Control(
    id="iam-no-admin",
    title="No policy allows everything on everything",
    why="One mistake, or one stolen session, is the whole account.",
    severity=Severity.CRITICAL,
    fix="Name the actions and the resources.",
    sources=(
        "FSBP IAM.1",
        "cdk-nag NIST.800.53.R5-IAMPolicyNoStatementsWithAdminAccess",
        "checkov CKV_AWS_1",
        "checkov CKV_AWS_62",
        "checkov CKV_AWS_274",
        "checkov CKV_AWS_275",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
)
