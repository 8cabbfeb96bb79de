"""The graph of what is deployed: an exported state (`pulumi stack export`)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from policy.graph import Graph
from policy.resource import Resource
from policy.values import plain

IDENTIFIERS = ("arn", "url", "keyId", "uuid", "name", "repositoryUrl")
"""Outputs by which other resources name a resource."""


class StateError(Exception):
    """The file is no exported state."""


def read_state(path: Path) -> Graph:
    """The resources of an exported state, as the program gave them.

    Raises:
        StateError: the file has not the form of `pulumi stack export`.
    """
    try:
        content = json.loads(path.read_text())
        entries = content["deployment"]["resources"]
        return Graph([_resource(entry) for entry in entries if not entry.get("delete")])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StateError(f"{path} is no exported state: {error!r}") from error


def _resource(entry: Mapping[str, object]) -> Resource:
    urn = str(entry["urn"])
    outputs = cast("Mapping[str, object]", entry.get("outputs", {}))
    dependencies = cast("Mapping[str, list[str] | None]", entry.get("propertyDependencies", {}))
    return Resource(
        urn=urn,
        type=str(entry["type"]),
        name=urn.rsplit("::", 1)[-1],
        inputs=cast("Mapping[str, object]", plain(entry.get("inputs", {}))),
        edges={name: tuple(urns or ()) for name, urns in dependencies.items()},
        depends_on=tuple(cast("list[str]", entry.get("dependencies", []))),
        parent=cast("str | None", entry.get("parent")),
        protect=bool(entry.get("protect")),
        ignore_changes=tuple(cast("list[str]", entry.get("ignoreChanges", []))),
        outputs=identifiers(outputs),
    )


def identifiers(outputs: Mapping[str, object]) -> dict[str, str]:
    """What names the resource in AWS, as far as it exists."""
    return {key: value for key in IDENTIFIERS if isinstance(value := outputs.get(key), str)}
