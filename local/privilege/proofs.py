"""Granted is used, used is granted, and nothing passes by a wildcard."""

from collections.abc import Iterable, Sequence

from local.emulator.record import Recorded, Use
from local.privilege.account import Account
from local.privilege.known import BY_AWS, WILDCARDS, ByAws, Wildcard
from local.privilege.parts import Part, as_request, taken_apart
from local.project import PREFIX


def by_aws(part: Part) -> ByAws | None:
    """The entry of the table of what AWS does in the role's name."""
    return next((x for x in BY_AWS if x.explains(part.principal, part.action, part.resource)), None)


def unused(parts: Iterable[Part], record: Sequence[Recorded]) -> list[Part]:
    """Parts that no call of the run needed, and that the table does not explain."""
    uses = [one.use for one in record if one.use.allowed]
    return [part for part in parts if not any(map(part.lets, uses)) and not by_aws(part)]


def needless_entries(parts: Sequence[Part], record: Sequence[Recorded]) -> list[ByAws]:
    """Entries of the table that name no grant, or one that the run shows to be used."""
    uses = [one.use for one in record if one.use.allowed]
    needed = {by_aws(part) for part in parts if not any(map(part.lets, uses))}
    return [entry for entry in BY_AWS if entry not in needed]


def by_wildcard(parts: Iterable[Part]) -> list[Part]:
    """Parts of roles with a pattern where a name could stand."""
    ours = (part for part in parts if part.principal.startswith("arn:"))
    return [part for part in ours if _has_wildcard(part) and not _explained(part)]


def spared(account: Account, parts: Iterable[Part], record: Sequence[Recorded]) -> list[Part]:
    """Parts that could be taken away and the run would still pass: every call is judged again."""
    apart = taken_apart(account)
    uses = [one.use for one in record if one.use.allowed]
    return [
        part
        for part in parts
        if not by_aws(part) and not _missed(apart, part, [x for x in uses if part.lets(x)])
    ]


def _missed(apart: Account, part: Part, uses: Iterable[Use]) -> bool:
    without = apart.without(part.holder, part.statement)
    return any(not without.decide(as_request(use)).allowed for use in uses)


def _has_wildcard(part: Part) -> bool:
    return any(mark in text for text in (part.action, part.resource) for mark in "*?")


def _explained(part: Part) -> bool:
    if any(mark in part.action for mark in "*?"):
        return False
    if part.resource == "*":
        return not scopable(part.action)
    return wildcard_of(part) is not None


def wildcard_of(part: Part) -> Wildcard | None:
    """The entry of the table of patterns."""
    keys = {key for _, key, _ in part.statement.conditions}
    return next(
        (
            wildcard
            for wildcard in WILDCARDS
            if _fits(part.resource, wildcard.resource)
            and (not wildcard.narrowed_by or wildcard.narrowed_by.lower() in keys)
        ),
        None,
    )


def _fits(resource: str, pattern: str) -> bool:
    head, _, tail = pattern.replace("{prefix}", PREFIX).partition("{function}")
    if not tail:
        return resource.endswith(head)
    name = resource.removesuffix(tail).rpartition(head)[2]
    return resource == f"{resource.rpartition(head)[0]}{head}{name}{tail}" and "*" not in name


def scopable(action: str) -> bool:
    """Whether AWS can limit the action to resources."""
    from policy.iam.database import expand  # noqa: PLC0415 - its data is read on first use

    return any(found.scopable for found in expand(action))
