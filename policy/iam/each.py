"""Checks of permissions, statement by statement, wherever they are written down."""

from collections.abc import Callable, Iterator

from policy.control import Check, Context, Judgement, Undecided
from policy.graph import Graph
from policy.iam.grants import (
    Grant,
    OpenGrant,
    allowed,
    component_grants,
    grants_in,
    policies_within,
)
from policy.resource import Resource

_GrantCheck = Callable[[Grant, Context], Judgement]


def each_grant(check: _GrantCheck) -> Check:
    """A check of a resource that asks `check` about every statement that allows something."""

    def check_resource(holder: Resource, context: Context) -> Judgement:
        yield from open_grants(context.graph, holder)
        for grant in allowed(context.graph, holder):
            yield from check(grant, context)

    return check_resource


def open_grants(graph: Graph, holder: Resource) -> Iterator[Undecided]:
    """The permissions that are not known yet.

    A document of a component's own role is left to the component where that names its grants; that
    both say the same is asked by `iam-grants-match`.
    """
    for grant in grants_in(graph, holder):
        if isinstance(grant, OpenGrant) and not _decided_by_component(graph, holder):
            yield Undecided(resource=holder, path=grant.path)


def _decided_by_component(graph: Graph, holder: Resource) -> bool:
    parent = graph.at(holder.parent) if holder.parent else None
    return (
        parent is not None
        and parent.has("grants")
        and holder in policies_within(graph, parent)
        and not any(isinstance(item, OpenGrant) for item in component_grants(parent))
    )
