"""Policy documents as values: statements with their principals, actions, resources, conditions."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import cast

from policy.arns import parse_arn
from policy.patterns import Patterns, collapsed, is_pattern
from policy.resource import NotKnownError, Resource
from policy.values import Unknown


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One line of a condition block: operator, key in lower case, values."""

    operator: str
    key: str
    values: tuple[str, ...]

    @property
    def narrows(self) -> bool:
        """Whether the condition names something: not negated, not `*`, not optional."""
        operator = self.test
        return (
            "not" not in operator
            and not operator.endswith("ifexists")
            and operator != "null"
            and bool(self.values)
            and not any(value.strip("*?") == "" for value in self.values)
        )

    @property
    def test(self) -> str:
        """The operator in lower case, without `ForAllValues:` or `ForAnyValue:`."""
        return self.operator.lower().rsplit(":", 1)[-1]

    @property
    def leaves_account_open(self) -> bool:
        """Whether a value is an ARN of any account, or a pattern that may be one."""
        return any(of_any_account(value) for value in self.values)


def of_any_account(value: str) -> bool:
    """Whether a value of a condition may be an ARN, or a number, of whatever account."""
    arn = parse_arn(value)
    if arn is None:
        return is_pattern(value) or value.startswith("arn:")
    # A bucket's ARN names no account: there its name has to say whose it is.
    return is_pattern(arn.account or arn.resource)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of a policy document.

    Attributes:
        at: place in the document, for reports.
        principals: by kind (`AWS`, `Service`, `Federated`, ...); `*` is kind `AWS`.
    """

    at: str
    allows: bool
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    principals: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    not_principals: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )
    conditions: tuple[Condition, ...] = ()

    @property
    def anyone(self) -> bool:
        """Whether the principal is everybody."""
        return "*" in self.principals.get("AWS", ()) or bool(self.not_principals)

    def services(self) -> tuple[str, ...]:
        """The service principals."""
        return self.principals.get("Service", ())

    def lets_in(self, services: Collection[str]) -> bool:
        """Whether one of these services is a principal, by its own name or its name in a region."""
        return any(
            name in services or f"{name.partition('.')[0]}.amazonaws.com" in services
            for name in self.services()
        )

    def condition(self, key: str) -> tuple[Condition, ...]:
        """The conditions on a key, whatever the operator."""
        return tuple(item for item in self.conditions if item.key == key.lower())

    def naming(self, *keys: str) -> tuple[Condition, ...]:
        """The conditions, on these keys or on any, that only a call with a named value passes.

        `ForAllValues` holds where the key is absent, so it takes a `Null` condition beside it (IAM
        guide, "Multivalued context keys").
        """
        wanted = {key.lower() for key in keys}
        return tuple(
            item
            for item in self.conditions
            if item.narrows
            and (not wanted or item.key in wanted)
            and (not item.operator.lower().startswith("forallvalues:") or self._has(item.key))
        )

    def _has(self, key: str) -> bool:
        return any(
            item.test == "null" and item.values == ("false",) for item in self.condition(key)
        )

    def bound_by(self, *keys: str) -> bool:
        """Whether one of these condition keys lets only the named through, of named accounts."""
        return any(not item.leaves_account_open for item in self.naming(*keys))

    def covers(self, action: str) -> bool:
        """Whether the statement is about this action (`service:Name`)."""
        listed = action.lower() in self._actions
        return not listed if self.not_actions else listed

    def about(self, text: str) -> bool:
        """Whether the statement is about the resource with this ARN."""
        listed = text in self._resources
        return not listed if self.not_resources else listed

    @cached_property
    def _actions(self) -> Patterns:
        return Patterns(item.lower() for item in self.not_actions or self.actions)

    @cached_property
    def _resources(self) -> Patterns:
        return Patterns(self.not_resources or self.resources)


def strings(value: object) -> tuple[str, ...]:
    """A string or a list of strings as a tuple; anything else is left out."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, bool | int | float):
        return (str(value).lower(),)
    if isinstance(value, list):
        return tuple(text for item in cast("list[object]", value) for text in strings(item))
    return ()


def statements(document: Mapping[str, object]) -> tuple[Statement, ...]:
    """The statements of a parsed document."""
    found = document.get("Statement")
    entries = cast("list[object]", found) if isinstance(found, list) else [found]
    return tuple(
        _statement(cast("dict[str, object]", entry), f"Statement[{index}]")
        for index, entry in enumerate(entries)
        if isinstance(entry, dict)
    )


def _statement(entry: Mapping[str, object], at: str) -> Statement:
    return Statement(
        at=at,
        allows=entry.get("Effect") == "Allow",
        actions=tuple(map(collapsed, strings(entry.get("Action")))),
        not_actions=strings(entry.get("NotAction")),
        resources=tuple(map(collapsed, strings(entry.get("Resource")))),
        not_resources=strings(entry.get("NotResource")),
        principals=_principals(entry.get("Principal")),
        not_principals=_principals(entry.get("NotPrincipal")),
        conditions=conditions(entry.get("Condition")),
    )


def _principals(value: object) -> dict[str, tuple[str, ...]]:
    if isinstance(value, dict):
        return {kind: strings(names) for kind, names in cast("dict[str, object]", value).items()}
    return {"AWS": strings(value)} if value is not None else {}


def conditions(value: object) -> tuple[Condition, ...]:
    """The lines of a condition block."""
    if not isinstance(value, dict):
        return ()
    return tuple(
        Condition(operator=operator, key=key.lower(), values=strings(wanted))
        for operator, lines in cast("dict[str, object]", value).items()
        if isinstance(lines, dict)
        for key, wanted in cast("dict[str, object]", lines).items()
    )


def read(resource: Resource, *path: str | int) -> tuple[Statement, ...] | None:
    """The statements of the document at a path, parsed once; None where absent or malformed.

    Raises:
        NotKnownError: the document, or any of its statements, is not known yet.
    """
    resource.get(*path)
    return _parsed(resource, path)


@lru_cache(maxsize=10_000)
def _parsed(resource: Resource, path: tuple[str | int, ...]) -> tuple[Statement, ...] | None:
    document = resource.document(*path)
    if document is None:
        return None
    if _holds_unknown(document):
        raise NotKnownError(resource, path)
    return statements(document)


def _holds_unknown(value: object) -> bool:
    if isinstance(value, dict):
        return any(_holds_unknown(item) for item in cast("dict[str, object]", value).values())
    if isinstance(value, list):
        return any(_holds_unknown(item) for item in cast("list[object]", value))
    return isinstance(value, Unknown)


def allowing(found: tuple[Statement, ...] | None) -> Iterator[Statement]:
    """The statements that allow something."""
    return (item for item in found or () if item.allows)
