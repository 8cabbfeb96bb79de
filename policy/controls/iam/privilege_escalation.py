from collections.abc import Sequence

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.dangers import PRIVILEGE_ESCALATIONS
from policy.iam.each import open_grants
from policy.iam.grants import Grant, allowed, together
from policy.iam.inputs import ROLE_INPUTS
from policy.resource import Resource


def _check(holder: Resource, context: Context) -> Judgement:
    yield from open_grants(context.graph, holder)
    own = list(allowed(context.graph, holder))
    for gain, needed in PRIVILEGE_ESCALATIONS.items():
        adds = any(_any_covers(own, action) for action in needed)
        if adds and any(
            all(_any_covers(granted, action) for action in needed)
            for granted in together(context.graph, holder)
        ):
            yield Violation(
                path="policy" if holder.has("policy") else "grants",
                found=f"{gain}: {' + '.join(needed)}",
                wanted="not all of these for one role, or a permissions boundary on them",
            )


def _any_covers(granted: Sequence[Grant], action: str) -> bool:
    return any(
        grant.statement.covers(action)
        and not grant.statement.bound_by("iam:PermissionsBoundary", "iam:PassedToService")
        for grant in granted
    )


CONTROL = Control(
    id="iam-privilege-escalation",
    title="No role holds a way to more permissions",
    why="Each of these combinations makes its holder an administrator in a few calls.",
    severity=Severity.CRITICAL,
    fix="Take one action of the combination away, or tie it to a permissions boundary.",
    sources=(
        "checkov CKV_AWS_110",
        "checkov CKV_AWS_286",
        "https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=ROLE_INPUTS,
    check=_check,
)
