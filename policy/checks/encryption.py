"""Which key encrypts a resource, told by its value or by its edges."""

from typing import Final

from policy import tokens
from policy.control import Judgement, Undecided, Violation
from policy.graph import Graph
from policy.resource import NotKnownError, Resource

_KEYS: Final = (tokens.KEY, tokens.KEY_ALIAS)
_ENCRYPTS: Final = "ENCRYPT_DECRYPT"


def uses_own_key(graph: Graph, resource: Resource, top: str, *inside: str | int) -> Judgement:
    """A violation unless the key at a path is one that the account manages itself.

    A key that is not known yet is decided by its edge to a key or an alias.
    """
    path = (top, *inside)
    name = ".".join(map(str, path))
    if not resource.known(*path):
        keys = graph.edges(resource, top, *_KEYS)
        if not keys:
            yield Undecided(path=name)
        if any(key.inputs.get("keyUsage", _ENCRYPTS) != _ENCRYPTS for key in keys):
            yield Violation(path=name, found=keys[0].name, wanted="a key that encrypts")
        return
    value = resource.text(*path)
    if not value or uses_awss_key(resource, *path):
        yield Violation(
            path=name,
            found=value or "no key is named",
            wanted="a customer-managed key",
        )


def uses_awss_key(resource: Resource, *path: str | int) -> bool:
    """Whether the key at a path is one that AWS manages, whose policy lets no other service in."""
    value = resource.text(*path) if resource.known(*path) else None
    return value is not None and value.rsplit(":", 1)[-1].startswith("alias/aws/")


def key_of(graph: Graph, resource: Resource, *path: str) -> Resource | None:
    """The key of the program that a property names, directly or through its alias.

    Raises:
        NotKnownError: neither the value nor the edges name one.
    """
    if resource.known(*path):
        value = resource.text(*path)
        found = graph.resolve(value, *_KEYS) if value else None
    else:
        edges = graph.edges(resource, path[0], *_KEYS)
        if len(edges) != 1:
            raise NotKnownError(resource, path)
        found = edges[0]
    if found is not None and found.type == tokens.KEY_ALIAS:
        target = graph.target(found, "targetKeyId", tokens.KEY)
        return target.resource if target else None
    return found
