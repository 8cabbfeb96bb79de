from policy import tokens
from policy.checks.resource_policy import ACCOUNTS, foreign
from policy.control import Context, Control, Judgement, Severity
from policy.resource import Resource


def _check(permission: Resource, context: Context) -> Judgement:
    yield from foreign(permission.text("principal") or "", "principal", context)


CONTROL = Control(
    id="lambda-cross-account",
    title="A permission lets in no foreign account but those that are named",
    why="A foreign account's administrators then decide who invokes the function.",
    severity=Severity.HIGH,
    fix="Remove the permission, or add the account to the parameter `accounts`.",
    sources=(
        "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-cross-account.html",
    ),
    judges=(tokens.PERMISSION,),
    reads={tokens.PERMISSION: ("principal",)},
    check=_check,
    parameters=(ACCOUNTS,),
)
