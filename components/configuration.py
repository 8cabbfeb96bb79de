"""Reads the engine's configuration into settings, once, before any resource."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import chain
from typing import Any

import msgspec

from components.errors import SettingsError, Violation
from components.names import PROJECT
from components.rules import broken_rules
from components.settings import Bounds, ServiceOverride, Settings


def read_settings(stack: str, region: str, config: Mapping[str, Any]) -> Settings:
    """The settings of a stack.

    Args:
        stack: The stack's name.
        region: The region of the AWS provider.
        config: The engine's configuration, keys with their namespace. Values are strings, those
            of arrays and objects JSON, as the engine hands them over.

    Raises:
        SettingsError: With every wrong value at once.
    """
    raw = {"stack": stack, "region": region} | dict(_of_project(config))
    values: dict[str, Any] = {}
    violations = list(_unknown(raw))
    for field in msgspec.structs.fields(Settings):
        key = field.encode_name
        if key not in raw:
            violations.append(Violation(key=key, value=None, rule="it must be set"))
            continue
        values[key] = _decoded(raw[key], field.type)
        violations.extend(_wrong(key, values[key], field.type))
    if violations:
        raise SettingsError(violations)
    settings = msgspec.convert(values, Settings, strict=False)
    if broken := broken_rules(settings):
        raise SettingsError(broken)
    return settings


def _of_project(config: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for key, value in config.items():
        namespace, _, name = key.partition(":")
        if namespace == PROJECT:
            yield name, value


def _unknown(raw: Mapping[str, Any]) -> Iterable[Violation]:
    known = {field.encode_name for field in msgspec.structs.fields(Settings)}
    for key in sorted(set(raw) - known):
        yield Violation(key=key, value=raw[key], rule="no setting has this name")


def _wrong(key: str, value: object, kind: Any) -> list[Violation]:  # noqa: ANN401 - a type's annotation has no type
    """What of a value is not of its type; the parts of an object are called by their own keys."""
    try:
        _check(value, kind)
    except ValueError as error:
        whole = Violation(key=key, value=value, rule=str(error))
    else:
        return []
    kinds = _kinds(value, kind)
    if not isinstance(value, dict) or not kinds:
        return [whole]
    unknown = "no setting has this name"
    parts = [
        _wrong(f"{key}.{name}", part, kinds[name])
        if name in kinds
        else [Violation(key=f"{key}.{name}", value=part, rule=unknown)]
        for name, part in value.items()
    ]
    return list(chain.from_iterable(parts)) or [whole]


def _check(value: object, kind: Any) -> None:  # noqa: ANN401 - the same
    """Raises a ValueError that says the rule."""
    converted = msgspec.convert(value, kind, strict=False)
    for bounds in getattr(kind, "__metadata__", ()):
        if isinstance(bounds, Bounds) and not _within(converted, bounds):
            raise ValueError(str(bounds))


def _kinds(value: object, kind: Any) -> dict[str, Any]:  # noqa: ANN401 - the same
    """The type of each part of an object; none where the type is not an object's."""
    if getattr(kind, "__origin__", None) is dict and isinstance(value, dict):
        return dict.fromkeys(value, kind.__args__[1])
    if kind is ServiceOverride:
        return {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
    return {}


def _within(value: Decimal, bounds: Bounds) -> bool:
    return value.is_finite() and bounds.least <= value <= bounds.most


def _decoded(raw: object, kind: object) -> object:
    """Arrays and objects arrive as JSON text; everything else is left as it is."""
    if not isinstance(raw, str) or getattr(kind, "__origin__", None) not in (dict, tuple):
        return raw
    try:
        return json.loads(raw)
    except json.JSONDecodeError:
        return raw
