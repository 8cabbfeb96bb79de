from typing import Final

from policy import tokens
from policy.arns import parse_arn
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.dangers import DATA_READS
from policy.iam.each import open_grants
from policy.iam.grants import allowed, together
from policy.iam.inputs import ROLE_INPUTS
from policy.resource import Resource

_OUT: Final = ("sns:Publish", "sqs:SendMessage", "s3:PutObject", "lambda:InvokeFunction")


def _check(holder: Resource, context: Context) -> Judgement:
    yield from open_grants(context.graph, holder)
    own = context.graph.account
    reads = [
        action
        for action in DATA_READS
        for granted in together(context.graph, holder)
        if any(grant.statement.covers(action) for grant in granted)
    ]
    for grant in allowed(context.graph, holder):
        sends = [action for action in _OUT if grant.statement.covers(action)]
        outside = [text for text in grant.statement.resources if _leaves(text, own)]
        if reads and sends and outside:
            yield Violation(
                path=grant.path,
                found=f"reads ({reads[0]}) and may send ({sends[0]}) to {', '.join(outside)}",
                wanted="targets in the own account, by ARN",
            )


def _leaves(resource: str, own: str | None) -> bool:
    arn = parse_arn(resource)
    return arn is not None and own is not None and arn.account not in (own, "")


CONTROL = Control(
    id="iam-read-and-send-out",
    title="What reads customers' data does not send to other accounts",
    why="Reading and sending out together is how data leaves, in one role and without an alarm.",
    severity=Severity.HIGH,
    fix="Send to queues and topics of the own account, named by ARN.",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=ROLE_INPUTS,
    check=_check,
)
