from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS


def _judge(grant: Grant, context: Context) -> Judgement:
    del context
    stars = [item for item in grant.statement.actions if item.endswith(":*") and item != "*:*"]
    if stars:
        yield Violation(path=grant.path, found=", ".join(stars), wanted="actions by name")


CONTROL = Control(
    id="iam-no-service-star",
    title="No policy allows all actions of a service",
    why="Among them are deleting, re-configuring and granting to others.",
    severity=Severity.HIGH,
    fix="Name the actions.",
    sources=(
        "FSBP IAM.21",
        "cdk-nag AwsSolutions-IAM5",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
)
