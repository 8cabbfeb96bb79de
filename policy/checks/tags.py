"""Whether a resource carries the tags that its owner asks for."""

from collections.abc import Mapping
from typing import Final, cast

from policy.control import Context, Judgement, Parameter, Undecided, Violation
from policy.resource import Resource


def missing_tags(resource: Resource, context: Context) -> Judgement:
    """A violation where tags are missing; the provider's default tags count."""
    if not resource.known("tags"):
        yield Undecided(path="tags")
        return
    given = set(resource.mapping("tags")) | set(resource.default_tags)
    wanted = {*context.words("tags"), *_values(context)}
    if not given or wanted - given:
        yield Violation(
            path="tags",
            found=", ".join(sorted(given)) or "no tags",
            wanted=", ".join(sorted(wanted)) or "at least one tag",
        )


def add_tags(inputs: Mapping[str, object], context: Context) -> Mapping[str, object]:
    """The inputs with the tags that the parameters give values for; what is there stays."""
    there = cast("Mapping[str, object]", inputs.get("tags") or {})
    return {**inputs, "tags": {**_values(context), **there}}


def _values(context: Context) -> Mapping[str, object]:
    return cast("Mapping[str, object]", context.parameters["values"])


PARAMETERS: Final = (
    Parameter(
        name="tags",
        default=[],
        schema={"type": "array", "items": {"type": "string"}},
        why="Tags that must be there; empty means any one.",
    ),
    Parameter(
        name="values",
        default={},
        schema={"type": "object", "additionalProperties": {"type": "string"}},
        why="Tags that must be there, with the values that the remedy sets.",
    ),
)
