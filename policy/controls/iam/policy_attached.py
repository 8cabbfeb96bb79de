from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(policy: Resource, context: Context) -> Judgement:
    if not policy.has("role"):
        yield Violation(path="role", found="none", wanted="a role")
        return
    target = context.graph.target(policy, "role", tokens.ROLE)
    if target is not None and target.resource is None:
        yield Violation(
            path="role", found=f"{target.value}, not in the program", wanted="a role of the program"
        )


CONTROL = Control(
    id="iam-policy-attached",
    title="An inline policy belongs to a role of the program",
    why="It would change a role that the program does not own.",
    severity=Severity.HIGH,
    fix="Give the role's name.",
    sources=("https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html",),
    judges=(tokens.ROLE_POLICY,),
    reads={tokens.ROLE_POLICY: ("role",), tokens.ROLE: ("name",)},
    check=_check,
)
