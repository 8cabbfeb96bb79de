from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(role: Resource, context: Context) -> Judgement:
    graph = context.graph
    separate = graph.pointing(tokens.ROLE_POLICY, "role", role)
    attached = graph.pointing(tokens.ROLE_ATTACHMENT, "role", role)
    if role.has("inlinePolicies") and separate:
        yield Violation(
            path="inlinePolicies",
            found=f"inline policies and {separate[0].name}",
            wanted="one way of writing them",
        )
    if role.has("managedPolicyArns") and attached:
        yield Violation(
            path="managedPolicyArns",
            found=f"managed policy ARNs and {attached[0].name}",
            wanted="one way of attaching them",
        )
    names = [item.text("name") for item in separate if item.has("name")]
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        yield Violation(path="name", found=f"two policies called {name}", wanted="one")


CONTROL = Control(
    id="iam-policy-conflict",
    title="A role's policies are written in one way",
    why="The inline list removes what the other resource adds, at every second deployment.",
    severity=Severity.MEDIUM,
    fix="Use separate policies, or the role's own lists, not both.",
    sources=(
        "awsguard iam-role-no-policy-management-conflicts",
        "https://www.pulumi.com/registry/packages/aws/api-docs/iam/role/",
    ),
    judges=(tokens.ROLE,),
    reads={
        tokens.ROLE: ("inlinePolicies", "managedPolicyArns", "name"),
        tokens.ROLE_POLICY: ("role", "name"),
        tokens.ROLE_ATTACHMENT: ("role",),
    },
    check=_check,
)
