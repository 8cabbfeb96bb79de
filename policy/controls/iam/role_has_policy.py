from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam import attachments
from policy.iam.grants import policies_of
from policy.iam.inputs import ROLE_INPUTS
from policy.resource import Resource


def _check(role: Resource, context: Context) -> Judgement:
    graph = context.graph
    if not policies_of(graph, role) and not any(attachments.of_role(graph, role)):
        yield Violation(path="name", found="no policy at all", wanted="the grants that it needs")


CONTROL = Control(
    id="iam-role-has-policy",
    title="A role may do something",
    why="A function whose role lost its policy starts, and fails at its first call.",
    severity=Severity.MEDIUM,
    fix="Attach its policy.",
    sources=("https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",),
    judges=(tokens.ROLE,),
    reads=ROLE_INPUTS,
    check=_check,
)
