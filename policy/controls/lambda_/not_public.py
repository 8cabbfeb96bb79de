from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.documents import of_any_account
from policy.resource import Resource

_LIMITS: Final = ("sourceArn", "sourceAccount", "principalOrgId")


def _check(permission: Resource, context: Context) -> Judgement:
    del context
    if permission.text("principal") == "*" and not any(_limits(permission, key) for key in _LIMITS):
        yield Violation(
            path="principal", found="*", wanted="a named principal, or a source or organisation"
        )


def _limits(permission: Resource, key: str) -> bool:
    """Whether an input lets only some callers in; one that is not known yet names something."""
    if not permission.known(key):
        return True
    value = permission.text(key)
    return value is not None and not of_any_account(value)


CONTROL = Control(
    id="lambda-not-public",
    title="A permission lets nobody invoke a function whom it does not name",
    why="Anybody with an AWS account could invoke it.",
    severity=Severity.CRITICAL,
    fix="Name the principal, or limit it by sourceArn, sourceAccount or principalOrgId.",
    sources=(
        "FSBP Lambda.1",
        "cdk-nag NIST.800.53.R5-LambdaFunctionPublicAccessProhibited",
        "checkov CKV_AWS_301",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html",
    ),
    judges=(tokens.PERMISSION,),
    reads={tokens.PERMISSION: ("principal", "sourceArn", "sourceAccount", "principalOrgId")},
    check=_check,
)
