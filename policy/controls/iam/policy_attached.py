from policy import types
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.graph import Resource


def _check(policy: Resource, context: Context) -> Judgement:
    if not policy.has("role"):
        yield Violation(path="role", found="none", wanted="a role")
        return
    target = context.graph.target(policy, "role", types.ROLE)
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
    judges=(types.ROLE_POLICY,),
    reads={types.ROLE_POLICY: ("role",), types.ROLE: ("name",)},
    check=_check,
)
