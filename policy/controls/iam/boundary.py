from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(role: Resource, context: Context) -> Judgement:
    boundaries = [
        item.text("permissionsBoundary")
        for item in context.graph.of(tokens.ROLE)
        if item.has("permissionsBoundary") and item.known("permissionsBoundary")
    ]
    if not boundaries or not role.known("permissionsBoundary"):
        return
    common = max(set(boundaries), key=boundaries.count)
    if role.text("permissionsBoundary") != common:
        yield Violation(
            path="permissionsBoundary",
            found=role.text("permissionsBoundary") or "none",
            wanted=str(common),
        )


CONTROL = Control(
    id="iam-boundary",
    title="Roles have one permissions boundary, all or none",
    why="The role that was left out is the one that is not bounded.",
    severity=Severity.HIGH,
    fix="Give every role the boundary that the others have.",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",),
    judges=(tokens.ROLE,),
    reads={tokens.ROLE: ("permissionsBoundary",)},
    check=_check,
)
