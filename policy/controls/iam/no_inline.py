from policy import tokens
from policy.control import Context, Control, Judgement, Level, Severity, Violation
from policy.resource import Resource


def _check(resource: Resource, context: Context) -> Judgement:
    del context
    if resource.type == tokens.ROLE_POLICY or resource.has("inlinePolicies"):
        yield Violation(path="policy", found="an inline policy", wanted="a managed policy")


CONTROL = Control(
    id="iam-no-inline",
    title="A role has no inline policy",
    why="A managed policy has versions and can be reviewed apart.",
    severity=Severity.LOW,
    fix="Make a policy and attach it.",
    sources=(
        "cdk-nag NIST.800.53.R5-IAMNoInlinePolicy",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-choosing-managed-or-inline.html",
    ),
    judges=(tokens.ROLE, tokens.ROLE_POLICY),
    reads={tokens.ROLE: ("inlinePolicies",), tokens.ROLE_POLICY: ("policy",)},
    check=_check,
    level=Level.DISABLED,
    off_because="AWS calls inline policies useful where a policy belongs to exactly one role and"
    " must not be attached elsewhere by mistake; here versions and review are the program's.",
)
