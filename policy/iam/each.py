"""Checks of permissions, statement by statement, wherever they are written down."""

from collections.abc import Callable

from policy.control import Check, Context, Judgement, Undecided
from policy.graph import Graph, Resource
from policy.iam.grants import Grant, OpenGrant, component_grants, grants_in

_GrantCheck = Callable[[Grant, Context], Judgement]


def each_grant(check: _GrantCheck) -> Check:
    """A check of a resource that asks `check` about every statement that allows something.

    A document that is not known yet is left to its component, where that names its grants;
    otherwise it is undecided.
    """

    def check_resource(holder: Resource, context: Context) -> Judgement:
        for grant in grants_in(context.graph, holder):
            if isinstance(grant, OpenGrant):
                if not _decided_by_component(context.graph, holder):
                    yield Undecided(path=grant.path)
            elif grant.statement.allows:
                yield from check(grant, context)

    return check_resource


def _decided_by_component(graph: Graph, holder: Resource) -> bool:
    parent = graph.at(holder.parent) if holder.parent else None
    return (
        parent is not None
        and parent.has("grants")
        and not any(isinstance(item, OpenGrant) for item in component_grants(parent))
    )
