"""Edits of a program: each breaks it, or leaves open, in one place."""

from collections.abc import Callable
from dataclasses import replace

from policy.resource import Resource
from policy.values import UNKNOWN
from tests.policy.sound.parts import Json

Edit = Callable[[dict[str, Resource]], None]
"""Changes one thing in a program's resources, by name."""


def given(name: str, /, **inputs: Json) -> Edit:
    """An edit that sets inputs of a resource; None takes one away."""

    def edit(found: dict[str, Resource]) -> None:
        merged = {**found[name].inputs, **inputs}
        kept = {key: value for key, value in merged.items() if value is not None}
        found[name] = replace(found[name], inputs=kept)

    return edit


def unknown(name: str, *inputs: str) -> Edit:
    """An edit after which inputs are not known, and no edge says what they are made from."""

    def edit(found: dict[str, Resource]) -> None:
        old = found[name]
        edges = {key: urns for key, urns in old.edges.items() if key not in inputs}
        found[name] = replace(
            old, inputs={**old.inputs, **dict.fromkeys(inputs, UNKNOWN)}, edges=edges
        )

    return edit


def gone(*names: str) -> Edit:
    """An edit that takes resources away."""

    def edit(found: dict[str, Resource]) -> None:
        for name in names:
            del found[name]

    return edit


def added(*made: Resource) -> Edit:
    """An edit that adds resources."""

    def edit(found: dict[str, Resource]) -> None:
        found.update({item.name: item for item in made})

    return edit


def option(name: str, /, **fields: Json) -> Edit:
    """An edit of what is not an input: protection, edges, the parent."""

    def edit(found: dict[str, Resource]) -> None:
        found[name] = replace(found[name], **fields)

    return edit


def both(*edits: Edit) -> Edit:
    """One edit of several."""

    def edit(found: dict[str, Resource]) -> None:
        for item in edits:
            item(found)

    return edit
