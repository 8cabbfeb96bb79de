"""Permissions of identities, wherever a program writes them down."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from policy import tokens
from policy.documents import Statement, conditions, read, strings
from policy.graph import Graph, Target
from policy.iam import attachments
from policy.patterns import collapsed
from policy.resource import NotKnownError, Resource
from policy.values import Unknown


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One statement of an identity's permissions and where it stands."""

    holder: Resource
    path: str
    statement: Statement


@dataclass(frozen=True, kw_only=True)
class OpenGrant:
    """A place whose permissions are not known yet."""

    holder: Resource
    path: str


def grants_in(graph: Graph, holder: Resource) -> tuple[Grant | OpenGrant, ...]:
    """Everything that a policy, a role's inline policies or a component's `grants` allow or deny.

    One document that is not known does not hide the others. A policy that is a boundary only gives
    nobody anything.
    """
    if holder.urn in graph.memo("boundaries", lambda: frozenset(_boundaries(graph))):
        return ()

    def collect() -> tuple[Grant | OpenGrant, ...]:
        return tuple(_grants(holder))

    return graph.memo(("grants in", holder.urn), collect)


def _grants(holder: Resource) -> Iterator[Grant | OpenGrant]:
    if holder.has("policy"):
        yield from _document(holder, "policy")
    if holder.type == tokens.ROLE and holder.has("inlinePolicies"):
        if not holder.known("inlinePolicies"):
            yield OpenGrant(holder=holder, path="inlinePolicies")
            return
        for index in range(len(holder.items("inlinePolicies"))):
            yield from _document(holder, "inlinePolicies", index, "policy")
    if holder.has("grants"):
        yield from component_grants(holder)


def _boundaries(graph: Graph) -> Iterator[str]:
    """The policies that roles have for a boundary, and nobody has attached.

    None where a policy is attached of which nobody knows which one it is.
    """
    if any(one.astray for one in attachments.attachments(graph)):
        return
    for role in graph.of(tokens.ROLE):
        if role.has("permissionsBoundary"):
            try:
                target = graph.target(role, "permissionsBoundary", tokens.MANAGED_POLICY)
            except NotKnownError:
                continue
            policy = target.resource if target else None
            if policy and not any(attachments.of_policy(graph, policy)):
                yield policy.urn


def _document(holder: Resource, *path: str | int) -> Iterator[Grant | OpenGrant]:
    where = ".".join(str(part) for part in path)
    try:
        found = read(holder, *path)
    except NotKnownError:
        yield OpenGrant(holder=holder, path=where)
        return
    for statement in found or ():
        yield Grant(holder=holder, path=f"{where}.{statement.at}", statement=statement)


def component_grants(component: Resource) -> Iterator[Grant | OpenGrant]:
    """The `grants` input of a component: objects with actions, resources and conditions."""
    if not component.known("grants"):
        yield OpenGrant(holder=component, path="grants")
        return
    for index, entry in enumerate(component.items("grants")):
        path = f"grants.{index}"
        if isinstance(entry, Unknown) or _open(entry):
            yield OpenGrant(holder=component, path=path)
        elif isinstance(entry, dict):
            yield Grant(
                holder=component,
                path=path,
                statement=_component_statement(cast("Mapping[str, object]", entry), path),
            )


def _open(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    for value in cast("dict[str, object]", entry).values():
        values = cast("list[object]", value) if isinstance(value, list) else [value]
        if any(isinstance(item, Unknown) for item in values):
            return True
    return False


def _component_statement(entry: Mapping[str, object], at: str) -> Statement:
    return Statement(
        at=at,
        allows=entry.get("effect", "Allow") == "Allow",
        actions=tuple(map(collapsed, strings(entry.get("actions")))),
        resources=tuple(map(collapsed, strings(entry.get("resources")))),
        conditions=conditions(entry.get("conditions")),
    )


def allowed(graph: Graph, holder: Resource) -> Iterator[Grant]:
    """The grants in a place that allow something and are known."""
    return (
        item
        for item in grants_in(graph, holder)
        if isinstance(item, Grant) and item.statement.allows
    )


def grants_of(graph: Graph, role: Resource) -> tuple[Grant | OpenGrant, ...]:
    """Every grant of a role: inline, separate and attached policies."""

    def collect() -> Iterator[Grant | OpenGrant]:
        for holder in policies_of(graph, role):
            yield from grants_in(graph, holder)
        for found in attachments.of_role(graph, role):
            # What is in a policy of another program, or of AWS, is not known here.
            if found.astray or any(policy.resource is None for policy in found.policies):
                yield OpenGrant(holder=found.holder, path=found.path)

    return graph.memo(("grants of", role.urn), lambda: tuple(collect()))


def gives(graph: Graph, role: Resource, asked: Callable[[Statement], bool]) -> bool:
    """Whether a role has a statement that allows what is asked.

    Raises:
        NotKnownError: nothing that is known does, and not all that the role has is known.
    """
    grants = grants_of(graph, role)
    if any(
        isinstance(item, Grant) and item.statement.allows and asked(item.statement)
        for item in grants
    ):
        return True
    for item in grants:
        if isinstance(item, OpenGrant):
            raise NotKnownError(item.holder, (item.path,))
    return False


def may(graph: Graph, role: Resource, action: str, arn: str) -> bool:
    """Whether a role is granted an action on a resource; raises as `gives` does."""
    return gives(graph, role, lambda statement: statement.covers(action) and statement.about(arn))


def holders_of(graph: Graph, document: Resource) -> tuple[str, ...]:
    """Who has the permissions that stand here: the roles, else the document itself.

    Raises:
        NotKnownError: a role is not known yet.
    """
    found = tuple(
        (role.resource.physical_name if role.resource else role.value) or ""
        for role in _roles_of(graph, document)
    )
    return found or (document.physical_name or document.name,)


def together(graph: Graph, document: Resource) -> Iterator[Sequence[Grant]]:
    """What a document allows, once for each of its roles, with what that role has elsewhere."""
    own = tuple(allowed(graph, document))
    roles = [role.resource for role in _roles_of(graph, document) if role.resource is not None]
    for role in roles:
        held = (item for item in grants_of(graph, role) if isinstance(item, Grant))
        yield (
            *own,
            *(item for item in held if item.holder is not document and item.statement.allows),
        )
    if not roles:
        yield own


def _roles_of(graph: Graph, document: Resource) -> Iterator[Target]:
    if document.type == tokens.ROLE:
        yield Target(resource=document, value=None)
    if document.type == tokens.ROLE_POLICY:
        role = graph.target(document, "role", tokens.ROLE)
        if role is not None:
            yield role
    for attachment in attachments.of_policy(graph, document):
        yield from attachment.roles


def policies_of(graph: Graph, role: Resource) -> Sequence[Resource]:
    """The resources that carry a role's permissions, of those in the program."""
    holders = [role] if role.has("inlinePolicies") else []
    holders += graph.pointing(tokens.ROLE_POLICY, "role", role, wanted=not holders)
    attached = [one for found in attachments.of_role(graph, role) for one in found.policies]
    return [*holders, *(one.resource for one in attached if one.resource is not None)]


def policies_within(graph: Graph, component: Resource) -> Iterator[Resource]:
    """The resources that carry the permissions of a component's own roles."""
    for role in graph.children(component):
        if role.type == tokens.ROLE:
            yield from policies_of(graph, role)
