"""The settings with their defaults, and what the stacks make of them."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
STACKS = ("local", "dev", "staging", "prod")
NAMESPACE = "utility-customer-system:"


def settings_table() -> str:
    """Every setting of Pulumi.yaml's schema."""
    lines = ["| setting | type | default | meaning |", "| --- | --- | --- | --- |"]
    for key, schema in _read("Pulumi.yaml").items():
        default = f"`{schema['default']}`" if "default" in schema else "-"
        lines.append(f"| `{key}` | {schema['type']} | {default} | {schema['description']} |")
    return "\n".join(lines)


def stack_table() -> str:
    """The settings in which two stacks differ."""
    schema = _read("Pulumi.yaml")
    stacks = {stack: _values(stack, schema) for stack in STACKS}
    lines = [f"| setting | {' | '.join(STACKS)} |", "| --- " * (len(STACKS) + 1) + "|"]
    for key in schema:
        found = [_shown(stacks[stack].get(key)) for stack in STACKS]
        if len(set(found)) > 1:
            lines.append(f"| `{key}` | {' | '.join(found)} |")
    return "\n".join(lines)


def _values(stack: str, schema: dict[str, Any]) -> dict[str, Any]:
    defaults = {key: part["default"] for key, part in schema.items() if "default" in part}
    own = {
        key.removeprefix(NAMESPACE): value
        for key, value in _read(f"Pulumi.{stack}.yaml").items()
        if key.startswith(NAMESPACE)
    }
    return {**defaults, **own}


def _shown(value: object) -> str:
    if value in ("", [], {}, None):
        return "-"
    text = str(value).replace("{", "").replace("}", "").replace("'", "")
    return f"`{text}`"


def _read(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / name).read_text())["config"]
