from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Undecided, Violation
from policy.documents import strings
from policy.iam.attachments import ATTACHING_INPUTS
from policy.resource import Resource

_BEGINNING: Final = ":iam::aws:policy/"
_LISTS: Final = (tokens.ROLE, tokens.EXCLUSIVE_ATTACHMENTS)


def _check(resource: Resource, context: Context) -> Judgement:
    del context
    name = ATTACHING_INPUTS[resource.type][0]
    if not resource.known(name):
        # A policy's ARN that is not known yet is made by the program; AWS's own are constants.
        if resource.type in _LISTS:
            yield Undecided(path=name)
        return
    for arn in strings(resource.get(name)):
        if _BEGINNING in arn:
            yield Violation(
                path=name,
                found=arn,
                wanted="a policy of the program with the actions and resources needed",
            )


CONTROL = Control(
    id="iam-no-aws-managed",
    title="No role, user or group has a policy that AWS manages",
    why="It is written for everybody's account and may allow more than is needed, and AWS changes"
    " it for all who have it.",
    severity=Severity.MEDIUM,
    fix="Grant the actions that are needed on the resources that are meant.",
    sources=(
        "cdk-nag AwsSolutions-IAM4",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-choosing-managed-or-inline.html",
    ),
    judges=tuple(ATTACHING_INPUTS),
    reads=ATTACHING_INPUTS,
    check=_check,
)
