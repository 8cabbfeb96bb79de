from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource

_NARROW: Final = frozenset({"lambda:InvokeFunction", "lambda:InvokeFunctionUrl"})


def _check(permission: Resource, context: Context) -> Judgement:
    del context
    action = permission.text("action")
    if action not in _NARROW:
        yield Violation(path="action", found=action or "none", wanted=" or ".join(sorted(_NARROW)))


CONTROL = Control(
    id="lambda-permission-action",
    title="A permission lets its principal invoke and nothing else",
    why="lambda:* in a permission lets the principal replace the code.",
    severity=Severity.HIGH,
    fix="Set action to lambda:InvokeFunction.",
    sources=("https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",),
    judges=(tokens.PERMISSION,),
    reads={tokens.PERMISSION: ("action",)},
    check=_check,
)
