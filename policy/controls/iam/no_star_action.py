from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS
from policy.patterns import is_pattern


def _judge(grant: Grant, context: Context) -> Judgement:
    del context
    stars = [item for item in grant.statement.actions if is_pattern(item.partition(":")[0])]
    if stars:
        yield Violation(path=grant.path, found=", ".join(stars), wanted="actions by name")


CONTROL = Control(
    id="iam-no-star-action",
    title="No policy allows actions of every service",
    why="It also allows every action that AWS adds later.",
    severity=Severity.CRITICAL,
    fix="Name the actions.",
    sources=(
        "cdk-nag AwsSolutions-IAM5",
        "cdk-nag Serverless-LambdaStarPermissions",
        "checkov CKV_AWS_49",
        "checkov CKV_AWS_63",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
)
