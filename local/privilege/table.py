"""The table of grants, made from the program and from a run: who, what, on what, why, seen used."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from components.encryption import service_users
from components.names import Names
from local.emulator.judge import statements
from local.emulator.record import Recorded, Use
from local.privilege.known import BY_AWS, WILDCARDS
from local.privilege.parts import Part
from local.privilege.services import served
from local.project import PREFIX, ROOT, STACK
from local.recording import record as record_program

DOCUMENT = ROOT / "docs" / "grants.md"
ACCOUNT, REGION = "123456789012", "us-east-2"

_SEEN = {
    "function": "the function",
    "mapping": "Lambda, polling",
    "logs": "Lambda, delivering logs",
    "schedule": "Scheduler",
    "AWS": "AWS, for it",
}
_OPERATOR = "the operator's command"

_ARN = re.compile(rf"^arn:aws:(\w+):(?:{REGION})?:{ACCOUNT}:")

Row = tuple[str, ...]
Grant = Mapping[str, Any]


def document(record: Sequence[Recorded]) -> str:
    """The whole page."""
    roles = dict(sorted(grants_of_roles().items()))
    uses = [one.use for one in record if one.use.allowed]
    return "\n".join(
        [
            "# Grants",
            "",
            "Written by `python -m local.privilege` from the program and from a run of the whole",
            "system; a test compares it with every run. `…` stands for the stack's prefix,",
            "`utility-customer-system-{stack}`. What a role may do stands here in full: each line",
            "was used in that run, unless its last column points to the table below of what AWS",
            "does in a role's name; every other call is denied.",
            "",
            *(line for role, grants in roles.items() for line in _role(role, grants, uses)),
            *_by_aws(),
            *_wildcards(),
            *_key_users(),
            *_services(),
        ]
    )


def grants_of_roles() -> dict[str, list[Grant]]:
    """Every role's grants, as the program gives them to its components."""
    found: dict[str, list[Grant]] = {}
    for resource in record_program(STACK, ROOT).resources:
        if "grants" in resource.inputs and "roleName" in resource.inputs:
            found[resource.inputs["roleName"]] = resource.inputs["grants"]
    return found


def _role(name: str, grants: Sequence[Grant], uses: Sequence[Use]) -> Iterator[str]:
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    own = [use for use in uses if use.principal == arn]
    yield f"## {_short(name)}"
    yield ""
    rows = [_row(arn, grant, own) for grant in grants]
    yield from _table(("May", "On", "If", "Why", "Seen used by"), rows)


def _row(role: str, grant: Grant, uses: Iterable[Use]) -> Row:
    statement = {
        "Effect": "Allow",
        "Action": grant["actions"],
        "Resource": grant["resources"],
        "Condition": grant.get("conditions") or {},
    }
    (parsed,) = statements({"Statement": [statement]})
    part = Part(holder=role, principal=role, statement=parsed)
    seen = sorted({_caller(role, use) for use in uses if part.lets(use)})
    return (
        "<br>".join(f"`{action}`" for action in grant["actions"]),
        "<br>".join(f"`{_short(arn)}`" for arn in grant["resources"]),
        "<br>".join(_conditions(grant.get("conditions") or {})),
        str(grant["why"]),
        "<br>".join(seen) or "AWS: see the table",
    )


def _caller(role: str, use: Use) -> str:
    return _OPERATOR if role.endswith("-operator") and use.seen == "function" else _SEEN[use.seen]


def _conditions(conditions: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for operator, keys in conditions.items():
        for key, values in keys.items():
            listed = [values] if isinstance(values, str) else values
            yield f"`{operator}` `{key}`: " + ", ".join(f"`{_short(value)}`" for value in listed)


def _by_aws() -> Iterator[str]:
    yield "## What AWS uses in a role's name"
    yield ""
    rows = [
        (
            "<br>".join(role.removeprefix("-") for role in entry.roles) or "every function",
            f"`{entry.action}`",
            f"[{entry.why}]({entry.source})",
        )
        for entry in BY_AWS
    ]
    yield from _table(("Role", "Action", "When"), rows)


def _wildcards() -> Iterator[str]:
    yield "## Where a pattern stands for a name"
    yield ""
    rows = [
        (
            f"`…{entry.resource.replace('{prefix}', '…')}`",
            f"`{entry.narrowed_by}`" if entry.narrowed_by else "",
            f"[AWS]({entry.source})",
        )
        for entry in WILDCARDS
    ]
    yield from _table(("Pattern", "Narrowed by", "Why"), rows)


def _key_users() -> Iterator[str]:
    yield "## Services that use the stack's key for themselves"
    yield ""
    rows = [
        (
            f"`{user.principal}`",
            "<br>".join(f"`{action}`" for action in user.actions),
            "<br>".join(_conditions(user.conditions)),
            f"[{user.why}]({user.source})",
        )
        for user in service_users(Names(stack=STACK, account=ACCOUNT, region=REGION))
    ]
    yield from _table(("Service", "May", "If", "Why"), rows)


def _services() -> Iterator[str]:
    yield "## Services by the policies of other resources"
    yield ""
    rows = [
        (
            f"`{one.service}`",
            "<br>".join(f"`{action}`" for action in one.actions),
            one.kind,
            "<br>".join(one.conditions),
            f"[AWS]({one.page})",
        )
        for one in served(record_program(STACK, ROOT).resources)
    ]
    yield from _table(("Service", "May", "On", "If", "Page"), rows)


def _table(head: Row, rows: Iterable[Row]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _short(text: str) -> str:
    """Without what every ARN of the stack has in common."""
    return _ARN.sub(r"\1 ", text).replace(PREFIX, "…")
