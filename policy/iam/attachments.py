"""Which managed policies are attached to whom, in every way that a program can write it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from policy import tokens
from policy.graph import Graph, Target
from policy.resource import Resource
from policy.values import UNKNOWN, Unknown

# type, the input that names policies, the input that names roles (a role names none: it is one)
_WAYS: Final = (
    (tokens.ROLE, "managedPolicyArns", ""),
    (tokens.ROLE_ATTACHMENT, "policyArn", "role"),
    (tokens.ATTACHMENT, "policyArn", "roles"),
    (tokens.EXCLUSIVE_ATTACHMENTS, "policyArns", "roleName"),
    (tokens.USER_ATTACHMENT, "policyArn", ""),
    (tokens.GROUP_ATTACHMENT, "policyArn", ""),
)

ATTACHING_INPUTS: Final[Mapping[str, tuple[str, ...]]] = {
    token: tuple(name for name in names if name) for token, *names in _WAYS
}
"""What the answers are read from."""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """One resource that attaches policies, and to which roles; users and groups are not named.

    Attributes:
        astray: whether it attaches a policy of which nobody knows yet which one it is.
    """

    holder: Resource
    path: str
    policies: Sequence[Target]
    roles: Sequence[Target]
    astray: bool


def attachments(graph: Graph) -> Sequence[Attachment]:
    """All of a program."""
    return graph.memo("attachments", lambda: tuple(_attachments(graph)))


def of_policy(graph: Graph, policy: Resource) -> Iterator[Attachment]:
    """Those that attach a policy."""
    return (one for one in attachments(graph) if any(p.resource is policy for p in one.policies))


def of_role(graph: Graph, role: Resource) -> Iterator[Attachment]:
    """Those that attach something to a role."""
    return (one for one in attachments(graph) if any(r.resource is role for r in one.roles))


def _attachments(graph: Graph) -> Iterator[Attachment]:
    for token, policies, roles in _WAYS:
        for holder in graph.of(token):
            if holder.has(policies):
                found, astray = _targets(graph, holder, policies, tokens.MANAGED_POLICY)
                itself = [Target(resource=holder, value=None)] if token == tokens.ROLE else []
                named = _targets(graph, holder, roles, tokens.ROLE)[0] if roles else itself
                yield Attachment(
                    holder=holder, path=policies, policies=found, roles=named, astray=astray
                )


def _targets(
    graph: Graph, holder: Resource, name: str, token: str
) -> tuple[Sequence[Target], bool]:
    """What an input names, one or a list; by its edges where not all of it is known.

    Also whether it names something that neither says.
    """
    value = holder.get(name) if holder.known(name) else UNKNOWN
    values = cast("list[object]", value) if isinstance(value, list) else [value]
    known = [
        Target(resource=graph.resolve(text, token), value=text)
        for text in values
        if isinstance(text, str)
    ]
    if not any(isinstance(item, Unknown) for item in values):
        return known, False
    edges = graph.edges(holder, name, token)
    return [*known, *(Target(resource=one, value=None) for one in edges)], not edges
