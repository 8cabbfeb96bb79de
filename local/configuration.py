"""A stack's configuration, read from the project's files as the Pulumi engine reads them."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


class ConfigurationError(Exception):
    """The project's files do not make a configuration for the stack."""


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """What the engine hands to a program: keys with their namespace, values as text.

    Values of arrays and objects are JSON. `secret` has the keys that are marked as secret.
    """

    project: str
    stack: str
    values: Mapping[str, str]
    secret: frozenset[str]


def read_configuration(root: Path, stack: str) -> Configuration:
    """The configuration of a stack: its own file over the defaults of the project's schema.

    Raises:
        ConfigurationError: a file is missing or is no YAML mapping, a value has not the type that
            the schema gives, a key without a default has no value, or a value is encrypted (only
            the engine holds the key to it).
    """
    project = _read(root / "Pulumi.yaml", "the project has no Pulumi.yaml")
    name = str(project["name"])
    found = _read(
        root / f"Pulumi.{stack}.yaml",
        f"there is no stack {stack!r}: the project has {', '.join(_stacks(root)) or 'none'}",
    )
    schema: dict[str, Any] = {
        _qualified(key, name): entry if isinstance(entry, dict) else {"default": entry}
        for key, entry in (project.get("config") or {}).items()
    }
    given = {_qualified(key, name): value for key, value in (found.get("config") or {}).items()}
    values: dict[str, Any] = {
        key: entry.get("value", entry.get("default"))
        for key, entry in schema.items()
        if "value" in entry or "default" in entry
    }
    for key, value in given.items():
        values[key] = _opened(key, value)
    _check(schema, values, stack)
    return Configuration(
        project=name,
        stack=stack,
        values={key: _text(value) for key, value in values.items()},
        secret=frozenset(key for key, entry in schema.items() if entry.get("secret")),
    )


def _read(path: Path, missing: str) -> dict[str, Any]:
    if not path.exists():
        raise ConfigurationError(missing)
    try:
        content = yaml.safe_load(path.read_text()) or {}
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path.name} is no YAML: {error}") from error
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path.name} is no mapping of keys to values")
    return content


def _stacks(root: Path) -> list[str]:
    return sorted(path.name.split(".")[1] for path in root.glob("Pulumi.*.yaml"))


def _qualified(key: str, project: str) -> str:
    """A key with its namespace; a bare one is in the project's own."""
    return key if ":" in key else f"{project}:{key}"


def _opened(key: str, value: Any) -> Any:  # noqa: ANN401 - any value of YAML
    if isinstance(value, dict) and set(value) == {"secure"}:
        raise ConfigurationError(f"{key} is encrypted: only the Pulumi engine can read it")
    return value


def _check(schema: Mapping[str, Any], values: Mapping[str, Any], stack: str) -> None:
    for key, entry in schema.items():
        if key not in values:
            raise ConfigurationError(
                f"stack {stack!r} has no value for {key}, which has no default"
            )
        wanted = entry.get("type")
        if wanted is not None and not _is(values[key], wanted):
            raise ConfigurationError(f"{key} is {values[key]!r}: it has to be of type {wanted}")


def _is(value: Any, wanted: str) -> bool:  # noqa: ANN401 - any value of YAML
    """Whether a value has a type of the schema; a boolean is no integer, although Python's is.

    The engine writes numbers and booleans into stack files as text, and reads them back.
    """
    if isinstance(value, str) and wanted != "string":
        with suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, bool):
        return wanted == "boolean"
    return isinstance(value, TYPES.get(wanted, object))


def _text(value: Any) -> str:  # noqa: ANN401 - any value of YAML
    return value if isinstance(value, str) else json.dumps(value)
