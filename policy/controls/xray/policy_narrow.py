from collections.abc import Iterator
from typing import Final

from policy import tokens
from policy.arns import parse_arn
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.documents import Statement, allowing, read
from policy.patterns import is_pattern
from policy.resource import Resource

_SOURCES: Final = ("aws:SourceArn", "aws:SourceAccount")


def _check(policy: Resource, context: Context) -> Judgement:
    own = context.graph.account
    for statement in allowing(read(policy, "policyDocument")):
        for found in _wrong(statement, own):
            yield Violation(
                path=f"policyDocument.{statement.at}",
                found=found,
                wanted="a service, for sources of this account, with the actions that it needs",
            )


def _wrong(statement: Statement, own: str | None) -> Iterator[str]:
    others = set(statement.principals) - {"Service"}
    if others or not statement.services():
        yield f"principals {', '.join(sorted(others)) or 'missing'}"
    if not statement.bound_by(*_SOURCES):
        yield "any source"
    for key in _SOURCES:
        for condition in statement.condition(key):
            yield from (f"source {value}" for value in condition.values if _of_other(value, own))
    if stars := [action for action in statement.actions if is_pattern(action)]:
        yield f"allows {', '.join(stars)}"


def _of_other(value: str, own: str | None) -> bool:
    arn = parse_arn(value)
    return (arn.account if arn else value) != own


CONTROL = Control(
    id="xray-policy-narrow",
    title="Traces are taken from the own account's services only",
    why="Whoever may put segments writes history into the traces by which an incident is read.",
    severity=Severity.MEDIUM,
    fix="Name the service, and its sources by aws:SourceArn and aws:SourceAccount.",
    sources=(
        "https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sns.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    judges=(tokens.TRACE_POLICY,),
    reads={tokens.TRACE_POLICY: ("policyDocument",)},
    check=_check,
)
