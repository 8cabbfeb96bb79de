"""Whether a request passes: AWS's evaluation within one account, and the call from another.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from local.emulator.judge.conditions import Context, met
from local.emulator.judge.documents import Statement

_SERVICE = ".amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call.

    Attributes:
        principal: A role's or the root's ARN (`arn:aws:iam::...`), or the name of an AWS service.
        context: Condition keys in lower case; what the principal says of itself is added.
    """

    principal: str
    action: str
    resource: str
    context: Context = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def by_service(self) -> bool:
        """Whether an AWS service calls for itself."""
        return self.principal.endswith(_SERVICE)

    @property
    def account(self) -> str:
        """The caller's account; empty for a service."""
        return "" if self.by_service else self.principal.split(":")[4]

    def full_context(self) -> Context:
        """All keys: TLS unless it is said otherwise, and who the principal is.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        """
        known = {
            "aws:securetransport": ("true",),
            "aws:principalisawsservice": ("true" if self.by_service else "false",),
        }
        if not self.by_service:
            known["aws:principalarn"] = (self.principal,)
            known["aws:principalaccount"] = (self.account,)
        return {**known, **self.context}


@dataclass(frozen=True, kw_only=True)
class Policies:
    """Every document that has a say in one request.

    Attributes:
        identity: The role's own; None for the root of an account, who may do all.
        boundary: What the role may have at most; None for no boundary.
        resource: The resource's own; None where it has none.
        key: Whether the resource is a KMS key: without its own policy nobody may use it.
    """

    identity: Sequence[Statement] | None = ()
    boundary: Sequence[Statement] | None = None
    resource: Sequence[Statement] | None = None
    key: bool = False


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether it passes, and in a few words why or why not."""

    allowed: bool
    why: str


def judge(request: Request, policies: Policies) -> Decision:
    """Decide on a request.

    Raises:
        UnjudgeableError: A statement that covers the request has a condition unknown here.
    """
    context = request.full_context()
    own = _matching(policies.identity or (), request, context)
    limit = _matching(policies.boundary or (), request, context)
    resource = _matching(policies.resource or (), request, context)
    named = [x for x in resource if _names(x.principals or (), request)]
    delegated = [x for x in resource if _names_account(x.principals or (), request)]
    if not all(x.allow for x in (*own, *limit, *named, *delegated)):
        return Decision(allowed=False, why="explicit deny")
    if request.by_service:
        return _decision(bool(named), "the resource's policy")
    by_identity = policies.identity is None or bool(own)
    by_identity = by_identity and (policies.boundary is None or bool(limit))
    by_resource = bool(named) and (policies.boundary is None or bool(limit))
    abroad = request.resource.split(":")[4:5] not in ([], [""], [request.account])
    if policies.key or abroad:
        passes = by_resource or (bool(delegated or named) and by_identity)
        if abroad:
            passes = passes and by_identity
        return _decision(passes, "the resource's policy and the identity's")
    return _decision(by_identity or by_resource, "a policy")


def _decision(allowed: bool, whose: str) -> Decision:
    return Decision(allowed=allowed, why=whose if allowed else f"not allowed by {whose}")


def _matching(
    statements: Iterable[Statement], request: Request, context: Context
) -> list[Statement]:
    return [x for x in statements if x.covers(request.action, request.resource) and met(x, context)]


def _names(principals: Iterable[str], request: Request) -> bool:
    """Whether a statement is about the caller itself."""
    return any(principal in {"*", request.principal} for principal in principals)


def _names_account(principals: Iterable[str], request: Request) -> bool:
    """Whether a statement is about the caller's account, which leaves it to its own policies."""
    account = {request.account, f"arn:aws:iam::{request.account}:root"} - {""}
    return not request.by_service and any(principal in account for principal in principals)
