from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS
from policy.iam.scope import unbounded


def _judge(grant: Grant, context: Context) -> Judgement:
    del context
    statement = grant.statement
    if not statement.covers("iam:PassRole"):
        return
    if any(unbounded(item) for item in statement.resources) or statement.not_resources:
        yield Violation(
            path=grant.path, found="iam:PassRole for every role", wanted="the roles by ARN"
        )
    if not statement.bound_by("iam:PassedToService"):
        yield Violation(
            path=grant.path,
            found="iam:PassRole to every service",
            wanted="a condition on iam:PassedToService",
        )


CONTROL = Control(
    id="iam-pass-role",
    title="A role is passed on by name, to a named service",
    why="Whoever may pass any role to any service acts with the strongest one.",
    severity=Severity.HIGH,
    fix="Name the roles and add iam:PassedToService.",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
)
