import re
from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.documents import allowing, read
from policy.resource import Resource

_ISSUER: Final = "token.actions.githubusercontent.com"
_NARROW: Final = re.compile(
    r"repo:[\w.-]+(?:@\d+)?/[\w.-]+(?:@\d+)?:(?:ref:refs/(?:heads|tags)/[^*?]+|environment:[^*?]+)"
)


def _check(role: Resource, context: Context) -> Judgement:
    del context
    for statement in allowing(read(role, "assumeRolePolicy")):
        if not any(_ISSUER in name for name in statement.principals.get("Federated", ())):
            continue
        path = f"assumeRolePolicy.{statement.at}"
        if not statement.bound_by(f"{_ISSUER}:aud"):
            yield Violation(
                path=path, found="no audience", wanted=f"{_ISSUER}:aud is sts.amazonaws.com"
            )
        subjects = [
            value for condition in statement.naming(f"{_ISSUER}:sub") for value in condition.values
        ]
        wide = [value for value in subjects if not _NARROW.fullmatch(value)]
        if not subjects or wide:
            yield Violation(
                path=path,
                found=", ".join(wide) or "any subject",
                wanted="repo:OWNER/NAME:environment:… or :ref:refs/heads/…, without wildcards",
            )


CONTROL = Control(
    id="iam-oidc-subject",
    title="A role for GitHub Actions is for one repository and one branch or environment",
    why="With repo:owner/name:* a pull request from anybody's branch deploys to production.",
    severity=Severity.CRITICAL,
    fix="Pin sub to the repository and its environment or branch, and aud to sts.amazonaws.com.",
    sources=(
        "checkov CKV_AWS_358",
        "checkov CKV_AWS_393",
        "https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws",
    ),
    judges=(tokens.ROLE,),
    reads={tokens.ROLE: ("assumeRolePolicy",)},
    check=_check,
)
