from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.grants import policies_of
from policy.resource import Resource


def _check(role: Resource, context: Context) -> Judgement:
    graph = context.graph
    attached = graph.pointing(tokens.ROLE_ATTACHMENT, "role", role)
    if not policies_of(graph, role) and not attached and not role.has("managedPolicyArns"):
        yield Violation(path="name", found="no policy at all", wanted="the grants that it needs")


CONTROL = Control(
    id="iam-role-has-policy",
    title="A role may do something",
    why="A function whose role lost its policy starts, and fails at its first call.",
    severity=Severity.MEDIUM,
    fix="Attach its policy.",
    sources=("https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",),
    judges=(tokens.ROLE,),
    reads={
        tokens.ROLE: ("name", "inlinePolicies", "managedPolicyArns"),
        tokens.ROLE_POLICY: ("role", "policy"),
        tokens.ROLE_ATTACHMENT: ("role", "policyArn"),
    },
    check=_check,
)
