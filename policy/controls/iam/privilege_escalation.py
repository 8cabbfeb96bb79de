from collections.abc import Sequence
from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.documents import Statement
from policy.iam.dangers import PRIVILEGE_ESCALATIONS
from policy.iam.each import open_grants
from policy.iam.grants import Grant, allowed, together
from policy.iam.inputs import ROLE_INPUTS
from policy.iam.scope import bounded, unbounded
from policy.patterns import like
from policy.resource import Resource

_PASSING: Final = "iam:PassRole"


def _check(holder: Resource, context: Context) -> Judgement:
    yield from open_grants(context.graph, holder)
    own = list(allowed(context.graph, holder))
    for gain, needed in PRIVILEGE_ESCALATIONS.items():
        adds = any(_given(own, action, needed) for action in needed)
        if adds and any(
            all(_given(granted, action, needed) for action in needed)
            for granted in together(context.graph, holder)
        ):
            yield Violation(
                path="policy" if holder.has("policy") else "grants",
                found=f"{gain}: {' + '.join(needed)}",
                wanted="not all of these for one role, or a permissions boundary on them",
            )


def _given(granted: Sequence[Grant], action: str, needed: Sequence[str]) -> bool:
    """Whether some grant gives an action in a way that lets the needed ones escalate."""
    return any(
        grant.statement.covers(action)
        and not bounded(grant.statement)
        and not (action == _PASSING and _passes_elsewhere(grant.statement, needed))
        for grant in granted
    )


def _passes_elsewhere(statement: Statement, needed: Sequence[str]) -> bool:
    """Whether roles are passed to a named service that is not the one of the other actions.

    Or to that one, but named roles only: a deployment can do no less.
    """
    to = [name for item in statement.naming("iam:PassedToService") for name in item.values]
    users = {f"{action.partition(':')[0]}.amazonaws.com" for action in needed if action != _PASSING}
    named = not statement.not_resources and not any(map(unbounded, statement.resources))
    return bool(to) and (named or not any(like(user, name) for user in users for name in to))


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
