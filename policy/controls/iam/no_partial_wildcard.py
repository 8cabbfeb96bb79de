from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.database import expand
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS


def _judge(grant: Grant, context: Context) -> Judgement:
    del context
    for pattern in grant.statement.actions:
        name = pattern.partition(":")[2]
        if "*" in name.rstrip("*") or "?" in name or (name.endswith("*") and name != "*"):
            count = len(expand(pattern))
            yield Violation(
                path=grant.path,
                found=f"{pattern}, which is {count} actions today",
                wanted="actions by name",
            )


CONTROL = Control(
    id="iam-no-partial-wildcard",
    title="No policy allows actions by a pattern",
    why="sqs:Get* reads well until AWS adds an action that begins with Get.",
    severity=Severity.MEDIUM,
    fix="Name the actions.",
    sources=(
        "cdk-nag AwsSolutions-IAM5",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
)
