"""Policy documents as statements that can be compared with a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Values = tuple[str, ...]
_ELEMENTS = {
    "Sid",
    "Effect",
    "Principal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}


class UnjudgeableError(Exception):
    """A policy says something that this judge does not know: nothing may pass on a guess."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement.

    Attributes:
        principals: ARNs, account ids, names of services or `*`; None in a policy of a role.
        conditions: Operator, key in lower case, and the values to compare with.
    """

    allow: bool
    actions: Values
    resources: Values
    not_actions: bool = False
    not_resources: bool = False
    principals: Values | None = None
    conditions: tuple[tuple[str, str, Values], ...] = ()

    def covers(self, action: str, resource: str) -> bool:
        """Whether it speaks of this action on this resource."""
        return self.names(action) and (
            any(glob(pattern).match(resource) is not None for pattern in self.resources)
            is not self.not_resources
        )

    def names(self, action: str) -> bool:
        """Whether it speaks of this action."""
        lower = action.lower()
        named = any(glob(pattern.lower()).match(lower) is not None for pattern in self.actions)
        return named is not self.not_actions


def statements(document: str | Mapping[str, Any]) -> tuple[Statement, ...]:
    """The statements of a document.

    Raises:
        UnjudgeableError: It has an element that is not known here.
    """
    if isinstance(document, str):
        return _parsed(document)
    return _parsed(json.dumps(document))


@lru_cache(maxsize=1024)
def glob(pattern: str) -> re.Pattern[str]:
    """The pattern as IAM means it: `*` is anything, `?` one character."""
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.compile("".join(parts) + r"\Z", re.DOTALL)


@lru_cache(maxsize=1024)
def _parsed(document: str) -> tuple[Statement, ...]:
    found = json.loads(document)["Statement"]
    return tuple(_statement(one) for one in (found if isinstance(found, list) else [found]))


def _statement(found: Mapping[str, Any]) -> Statement:
    if unknown := found.keys() - _ELEMENTS:
        raise UnjudgeableError(f"element {min(unknown)} of a statement")
    if found["Effect"] not in {"Allow", "Deny"}:
        raise UnjudgeableError(f"effect {found['Effect']}")
    return Statement(
        allow=found["Effect"] == "Allow",
        actions=_values(found.get("Action", found.get("NotAction"))),
        # A repository's policy is about its repository and has no such element.
        resources=_values(found.get("Resource", found.get("NotResource", "*"))),
        not_actions="NotAction" in found,
        not_resources="NotResource" in found,
        principals=_principals(found["Principal"]) if "Principal" in found else None,
        conditions=tuple(
            (operator, key.lower(), _values(values))
            for operator, keys in found.get("Condition", {}).items()
            for key, values in keys.items()
        ),
    )


def _principals(found: str | Mapping[str, Any]) -> Values:
    if isinstance(found, str):
        return (found,)
    return tuple(value for values in found.values() for value in _values(values))


def _values(found: object) -> Values:
    if isinstance(found, Sequence) and not isinstance(found, str):
        return tuple(map(_text, found))
    return (_text(found),)


def _text(found: object) -> str:
    return str(found).lower() if isinstance(found, bool) else str(found)
