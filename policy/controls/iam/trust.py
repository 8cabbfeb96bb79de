from typing import Final

from policy import tokens
from policy.arns import parse_arn
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.documents import Statement, allowing, read
from policy.resource import Resource

_ACTIONS: Final = (
    "sts:AssumeRole",
    "sts:AssumeRoleWithWebIdentity",
    "sts:AssumeRoleWithSAML",
    "sts:TagSession",
    "sts:SetSourceIdentity",
)


def _check(role: Resource, context: Context) -> Judgement:
    own = context.graph.account
    trusted = context.words("accounts")
    stack = role.stack
    disposable = stack in context.words("disposable")
    for statement in allowing(read(role, "assumeRolePolicy")):
        path = f"assumeRolePolicy.{statement.at}"
        others = [item for item in statement.actions if item not in _ACTIONS]
        if others or not statement.actions:
            yield Violation(path=path, found=", ".join(others) or "no action", wanted=_ACTIONS[0])
        if statement.anyone:
            yield Violation(path=path, found="everybody", wanted="named principals")
        for issuer in statement.principals.get("Federated", ()):
            if not _names_whom(statement, issuer):
                yield Violation(
                    path=path, found=f"everybody whom {issuer} knows", wanted="a named subject"
                )
        for text in statement.principals.get("AWS", ()):
            arn = parse_arn(text)
            account = arn.account if arn else text
            whole = text.endswith(":root") or arn is None
            if whole and not (disposable and account == own):
                yield Violation(
                    path=path,
                    found=f"every identity of account {account}",
                    wanted="the ARN of a role or user",
                )
            if account.isdigit() and account != own and account not in trusted:
                yield Violation(path=path, found=f"account {account}", wanted=f"account {own}")


def _names_whom(statement: Statement, issuer: str) -> bool:
    """Whether a condition says whom of an issuer is meant; an audience is what all ask for."""
    claims = (condition.key for condition in statement.naming())
    return any(not (":oidc-provider/" in issuer and key.endswith(":aud")) for key in claims)


CONTROL = Control(
    id="iam-trust",
    title="A role's trust names who may take it on",
    why="A trust in an account's root is a trust in whoever may call sts:AssumeRole there.",
    severity=Severity.HIGH,
    fix="Name the roles, or the AWS service.",
    sources=(
        "checkov CKV_AWS_60",
        "checkov CKV_AWS_61",
        "cfn-lint E3530",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html",
    ),
    judges=(tokens.ROLE,),
    reads={tokens.ROLE: ("assumeRolePolicy",)},
    check=_check,
    parameters=(
        Parameter(
            name="accounts",
            default=[],
            schema={"type": "array", "items": {"type": "string", "pattern": r"^\d{12}$"}},
            why="Foreign accounts that roles may trust.",
        ),
        Parameter(
            name="disposable",
            default=["local"],
            schema={"type": "array", "items": {"type": "string"}},
            why="Stacks of an embedded account, where its root is all that there is.",
        ),
    ),
)
