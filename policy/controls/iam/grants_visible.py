from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(role: Resource, context: Context) -> Judgement:
    parent = context.graph.at(role.parent) if role.parent else None
    if parent is None or parent.type == tokens.STACK or parent.type.startswith("aws:"):
        return
    if not parent.has("grants") or (parent.known("grants") and not parent.items("grants")):
        yield Violation(
            resource=parent, path="grants", found="none", wanted="the role's grants as an input"
        )


CONTROL = Control(
    id="iam-grants-visible",
    title="A component that makes a role passes its grants as an input",
    why="The input is known in the first preview even where an ARN in the policy is not.",
    severity=Severity.MEDIUM,
    fix="Pass the list of grants to the component's super().__init__.",
    sources=("https://www.pulumi.com/docs/iac/concepts/components/",),
    judges=(tokens.ROLE,),
    reads={tokens.IDENTITY_DOCUMENT: ("grants",), tokens.ROLE: ("name",)},
    check=_check,
)
