"""Whether a resource carries the tags that its owner asks for."""

from typing import Final

from policy.control import Context, Judgement, Parameter, Undecided, Violation
from policy.graph import Resource


def missing_tags(resource: Resource, context: Context) -> Judgement:
    """A violation where tags are missing; the provider's default tags count."""
    if not resource.known("tags"):
        yield Undecided(path="tags")
        return
    given = set(resource.mapping("tags")) | set(resource.default_tags)
    wanted = set(context.words("tags"))
    if not given or wanted - given:
        yield Violation(
            path="tags",
            found=", ".join(sorted(given)) or "no tags",
            wanted=", ".join(sorted(wanted)) or "at least one tag",
        )


TAGS: Final = Parameter(
    name="tags",
    default=[],
    schema={"type": "array", "items": {"type": "string"}},
    why="Tags that must be there; empty means any one.",
)
