"""Our own judge beside the emulator's: a call passes only if both let it.

The emulator does not know every condition key, takes an unknown one for an absent one, judges no
call that AWS makes to KMS on the way, and lets its root do anything. What a role or a service of
AWS does is written down here, passed or not.
"""

import logging
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import sts

from local.emulator.gaps import encryption, policies
from local.emulator.gaps.seam import Untyped, private, wrap
from local.emulator.judge import Decision, Request, UnjudgeableError, judge
from local.emulator.record import Recorder, Use

_log = logging.getLogger(__name__)
_caller: ContextVar[str] = ContextVar("caller", default="function")

recorder = Recorder()

CALLERS = ("mapping", "logs", "schedule")
"""What the runner does in a role's name says so in its user agent."""
_CALLER = re.compile(r"caller/(\w+)")

_FREE = "sts:GetCallerIdentity"
"""Needs no permission, and no policy can deny it.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""

_RECORDED = {
    "aws:sourceaccount",
    "aws:sourcearn",
    "dynamodb:leadingkeys",
    "kms:resourcealiases",
    "kms:viaservice",
    "kms:encryptioncontext:aws:logs:arn",
    "lambda:functionarn",
}


def close() -> None:
    """Judge every request that the emulator judges."""
    wrap(iam_evaluator, "pin_request_caller", _noting_caller)
    wrap(iam_evaluator, "enforce", _with_our_judge)


def permitted(request: Request, *, seen: str = "AWS") -> bool:
    """Judge and write down a call that AWS makes without a request the emulator could judge."""
    decision = _passed_on(request)
    _note(request, decision, seen=seen, emulator=True)
    return decision.allowed


def _noting_caller(original: Callable[..., None]) -> Callable[..., None]:
    def pin(headers: Mapping[str, str], *rest: Untyped) -> None:
        said = _CALLER.search(headers.get("user-agent", ""))
        _caller.set(said[1] if said and said[1] in CALLERS else "function")
        original(headers, *rest)

    return pin


def _with_our_judge(original: Callable[..., Untyped]) -> Callable[..., Untyped]:
    def enforce(  # noqa: PLR0913, PLR0917 - the emulator's signature
        access_key: str,
        action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Untyped:
        denied = original(access_key, action, service, region, resource_arn, service_context)
        principal = _principal(access_key)
        if action == _FREE or principal is None or isinstance(denied, iam_evaluator.AuthError):
            return denied
        request = Request(
            principal=principal,
            action=action,
            resource=resource_arn,
            context=_context(service_context or {}),
        )
        decision = _passed_on(request)
        _note(request, decision, seen=_caller.get(), emulator=denied is None)
        if denied is None and not decision.allowed:
            kind = "Deny" if decision.why == "explicit deny" else "ImplicitDeny"
            return iam_evaluator.EvalResult(kind, principal_arn=principal, reason=decision.why)
        return denied

    return enforce


def _passed_on(request: Request) -> Decision:
    """The decision on a call and on every call to KMS that it brings about."""
    decision = _judged(request)
    if not decision.allowed:
        return decision
    for further in encryption.derived(request):
        on_the_way = _judged(further)
        _note(further, on_the_way, seen="AWS", emulator=True)
        if not on_the_way.allowed:
            return Decision(allowed=False, why=f"{further.action} is {on_the_way.why}")
    return decision


def _judged(request: Request) -> Decision:
    try:
        return judge(request, policies.of(request.principal, request.resource))
    except UnjudgeableError as error:
        _log.error("a policy for %s on %s: %s", request.action, request.resource, error)
        return Decision(allowed=False, why=f"unjudgeable: {error}")


def _note(request: Request, decision: Decision, *, seen: str, emulator: bool) -> None:
    judges = {"emulator": emulator, "judge": decision.allowed}
    recorder.note(
        Use(
            principal=request.principal,
            action=request.action,
            resource=request.resource,
            context=tuple(
                (key, tuple(map(_kind, values)))
                for key, values in sorted(request.context.items())
                if key in _RECORDED
            ),
            allowed=all(judges.values()),
            by=tuple(name for name, passed in judges.items() if not passed),
            why="" if decision.allowed else decision.why,
            seen=seen,
        )
    )


def _kind(value: str) -> str:
    """A ledger's key names its message; which one it was makes no difference."""
    service, mark, _ = value.partition("#")
    return f"{service}#*" if mark else value


def _principal(access_key: str) -> str | None:
    """The role that calls, as policies name it.

    None for the root, who is this machine's user and stands in for what lies outside the system,
    and for users of IAM, of whom the system has none.
    """
    session: dict[str, Any] = private(sts, "_sessions").get(access_key) or {}
    arn = str(session.get("Arn", ""))
    if ":assumed-role/" not in arn:
        return None
    return f"arn:aws:iam::{arn.split(':')[4]}:role/{arn.split('/')[1]}"


def _context(given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        key.lower(): tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),)
        for key, value in given.items()
        if value is not None
    }
