from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.iam.database import expand
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS
from policy.iam.scope import reaches_everything


def _judge(grant: Grant, context: Context) -> Judgement:
    listing = context.words("listing")
    statement = grant.statement
    if not reaches_everything(statement):
        return
    scopable = sorted(
        {
            str(action)
            for pattern in statement.actions
            for action in expand(pattern)
            if action.scopable and str(action) not in listing
        }
    )
    if scopable:
        shown = ", ".join(scopable[:_SHOWN]) + (" …" if len(scopable) > _SHOWN else "")
        yield Violation(
            path=grant.path,
            found=f"{shown} on {', '.join(statement.resources) or 'NotResource'}",
            wanted="the ARNs, or a condition that names the resources",
        )


_SHOWN: Final = 4

CONTROL = Control(
    id="iam-no-star-resource",
    title="An action that can be limited to resources is limited",
    why="A role for one queue that may use every queue is a role for every queue. Actions that AWS"
    " cannot limit (xray:PutTraceSegments, cloudwatch:PutMetricData) pass with *.",
    severity=Severity.HIGH,
    fix="Name the ARNs; put actions that need * into a statement of their own.",
    sources=(
        "cdk-nag AwsSolutions-IAM5",
        "checkov CKV_AWS_355",
        "checkov CKV_AWS_356",
        "cfn-lint I3510",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
    parameters=(
        Parameter(
            name="listing",
            default=["cloudwatch:DescribeAlarms"],
            schema={"type": "array", "items": {"type": "string"}},
            why="Actions that AWS judges on the whole kind when they are asked for a list.",
        ),
    ),
)
