from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.documents import read
from policy.resource import Resource
from policy.views.functions import role_of


def _check(function: Resource, context: Context) -> Judgement:
    role = role_of(context.graph, function)
    if role is None:
        return
    trusts = read(role, "assumeRolePolicy") or ()
    if not any(
        item.allows and "lambda.amazonaws.com" in item.services() and item.covers("sts:AssumeRole")
        for item in trusts
    ):
        yield Violation(
            resource=role,
            path="assumeRolePolicy",
            found="lambda.amazonaws.com may not take it on",
            wanted="Allow sts:AssumeRole to lambda.amazonaws.com",
        )


CONTROL = Control(
    id="lambda-role-assumable",
    title="Lambda may take on a function's role",
    why="The function cannot be made, or stops at its next start.",
    severity=Severity.HIGH,
    fix="Trust lambda.amazonaws.com in the role's assumeRolePolicy.",
    sources=("https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("role",), tokens.ROLE: ("assumeRolePolicy", "name")},
    check=_check,
)
