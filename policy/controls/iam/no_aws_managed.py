from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Undecided, Violation
from policy.resource import Resource
from policy.views.queues import texts

_BEGINNING: Final = ":iam::aws:policy/"


def _check(resource: Resource, context: Context) -> Judgement:
    del context
    if resource.type == tokens.ROLE:
        if not resource.known("managedPolicyArns"):
            yield Undecided(path="managedPolicyArns")
            return
        arns = texts(resource.get("managedPolicyArns"))
    else:
        # A policy's ARN that is not known yet is made by the program; AWS's own are constants.
        value = resource.text("policyArn") if resource.known("policyArn") else None
        arns = (value,) if value else ()
    for arn in arns:
        if _BEGINNING in arn:
            yield Violation(
                path="managedPolicyArns" if resource.type == tokens.ROLE else "policyArn",
                found=arn,
                wanted="a policy of the program with the actions and resources needed",
            )


CONTROL = Control(
    id="iam-no-aws-managed",
    title="No role uses a policy that AWS manages",
    why="It is written for everybody's account, on *, and changes without notice.",
    severity=Severity.MEDIUM,
    fix="Grant the actions that are needed on the resources that are meant.",
    sources=(
        "cdk-nag AwsSolutions-IAM4",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
    ),
    judges=(tokens.ROLE, tokens.ROLE_ATTACHMENT, tokens.ATTACHMENT),
    reads={
        tokens.ROLE: ("managedPolicyArns",),
        tokens.ROLE_ATTACHMENT: ("policyArn",),
        tokens.ATTACHMENT: ("policyArn",),
    },
    check=_check,
)
