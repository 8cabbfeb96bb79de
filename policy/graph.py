"""The graph of a program's resources, the only thing that a control sees."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar, cast

from policy import tokens
from policy.arns import Named, named
from policy.mentions import Mentioned, mentioned_in
from policy.resource import NotKnownError, Resource

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a property points to: a resource of the program, or something outside of it."""

    resource: Resource | None
    value: str | None


class Graph:
    """All resources of one program, indexed once."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources: Final = tuple(resources)
        self._by_urn = {resource.urn: resource for resource in self.resources}
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        self._by_identity: dict[tuple[str, str], Resource] = {}
        self._by_output: dict[str, Resource] = {}
        self._children: dict[str, list[Resource]] = defaultdict(list)
        self._memory: dict[object, object] = {}
        for resource in self.resources:
            self._index(resource)

    def _index(self, resource: Resource) -> None:
        self._by_type[resource.type].append(resource)
        for group in _groups(resource):
            self._by_type[group].append(resource)
        if resource.parent is not None:
            self._children[resource.parent].append(resource)
        name = resource.physical_name
        if name is not None:
            self._by_identity.setdefault((resource.type, name), resource)
        # A component repeats its child's ARN, a policy has the ARN of what it is attached to.
        if resource.type.startswith("aws:"):
            for key in ("arn", "keyId", "url"):
                if key in resource.outputs and key not in resource.inputs:
                    self._by_output.setdefault(resource.outputs[key], resource)

    @property
    def stack(self) -> str:
        """The name of the stack, as its resources' URNs have it; empty where there are none."""
        return next((r.urn.split("::")[0].rpartition(":")[2] for r in self.resources), "")

    @cached_property
    def mentioned(self) -> tuple[Mentioned, ...]:
        """Every ARN and queue URL that an input of the program mentions."""
        return tuple(item for resource in self.resources for item in mentioned_in(resource))

    @cached_property
    def account(self) -> str | None:
        """The account that most ARNs of the program name; users and roots count where none does."""
        own = _most(item.arn.account for item in self.mentioned if item.thing)
        return own or _most(item.arn.account for item in self.mentioned)

    @cached_property
    def region(self) -> str | None:
        """The region that most ARNs of the program name."""
        return _most(item.arn.region for item in self.mentioned if item.thing)

    def of(self, *tokens: str) -> tuple[Resource, ...]:
        """Every resource of these types."""
        found: list[Resource] = []
        for token in tokens:
            found.extend(self._by_type.get(token, ()))
        return tuple(found)

    def at(self, urn: str) -> Resource | None:
        """The resource with this URN."""
        return self._by_urn.get(urn)

    def children(self, resource: Resource) -> Sequence[Resource]:
        """The resources whose parent is `resource`."""
        return self._children.get(resource.urn, ())

    def called(self, token: str, name: str) -> Resource | None:
        """The resource of a type with this physical name."""
        return self._by_identity.get((token, name))

    def resolve(self, text: str, *tokens: str) -> Resource | None:
        """The resource that an ARN, a URL, an id or (with a type) a plain name stands for."""
        thing = named(text)
        found = self.called(thing.token, thing.name) if thing and self._in_account(thing) else None
        found = found or self._by_output.get(text) or self._by_urn.get(text)
        if found is not None:
            return found if not tokens or found.type in tokens else None
        for token in tokens:
            if found := self.called(token, text):
                return found
        return None

    def _in_account(self, thing: Named) -> bool:
        """Whether it is not in another account, where the same name is another resource."""
        return not thing.account.isdigit() or self.account in (None, thing.account)

    def edges(self, resource: Resource, name: str, *tokens: str) -> tuple[Resource, ...]:
        """The resources of some types that an input was made from."""
        found = (self._by_urn.get(urn) for urn in resource.edges.get(name, ()))
        return tuple(item for item in found if item and (not tokens or item.type in tokens))

    def target(self, resource: Resource, name: str, *tokens: str) -> Target | None:
        """What an input points to: by its value where that is known, else by its edges.

        Plain names are looked up among `tokens`, or among the types that the input's name implies.
        None where the input is absent.

        Raises:
            NotKnownError: the value is not known and the edges do not name exactly one resource.
        """
        tokens = tokens or _EXPECTED.get(name, ())
        if resource.known(name):
            text = resource.text(name)
            return (
                None if text is None else Target(resource=self.resolve(text, *tokens), value=text)
            )
        candidates = self.edges(resource, name, *tokens)
        if len(candidates) != 1:
            raise NotKnownError(resource, (name,))
        return Target(resource=candidates[0], value=None)

    def pointing(
        self, token: str, name: str, to: Resource, *, wanted: bool = False
    ) -> tuple[Resource, ...]:
        """Every resource of a type whose input points to `to`.

        Raises:
            NotKnownError: one is `wanted`, there is none, and one points nobody knows where.
        """
        index, astray = self.memo(("pointing", token, name), lambda: self._pointers(token, name))
        found = tuple(index.get(to.urn, ()))
        if wanted and not found and astray:
            raise astray[0]
        return found

    def _pointers(
        self, token: str, name: str
    ) -> tuple[Mapping[str, Sequence[Resource]], Sequence[NotKnownError]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        astray: list[NotKnownError] = []
        for resource in self.of(token):
            try:
                target = self.target(resource, name)
            except NotKnownError as error:
                astray.append(error)
                continue
            if target is not None and target.resource is not None:
                found[target.resource.urn].append(resource)
        return found, astray

    def memo(self, key: object, compute: Callable[[], _T]) -> _T:
        """The result of `compute`, made once for this graph."""
        if key not in self._memory:
            self._memory[key] = compute()
        return cast("_T", self._memory[key])


def _most(values: Iterable[str]) -> str | None:
    counted = Counter(value for value in values if value and "*" not in value)
    return counted.most_common(1)[0][0] if counted else None


_IDENTITY_POLICIES: Final = frozenset(
    {
        tokens.ROLE_POLICY,
        tokens.MANAGED_POLICY,
        tokens.USER_POLICY,
        tokens.GROUP_POLICY,
    }
)
_RESOURCE_POLICIES: Final = frozenset(
    {
        tokens.QUEUE_POLICY,
        tokens.TOPIC_POLICY,
        tokens.KEY_POLICY,
        tokens.REPOSITORY_POLICY,
        tokens.SECRET_POLICY,
        tokens.TABLE_POLICY,
    }
)
_OWN_POLICY: Final = frozenset({tokens.QUEUE, tokens.TOPIC, tokens.KEY, tokens.SECRET})


def _groups(resource: Resource) -> Iterable[str]:
    """The groups beside its type under which a resource is found."""
    if (
        resource.type in _IDENTITY_POLICIES
        or (resource.type == tokens.ROLE and resource.has("inlinePolicies"))
        or resource.has("grants")
    ):
        yield tokens.IDENTITY_DOCUMENT
    if resource.type in _RESOURCE_POLICIES or (
        resource.type in _OWN_POLICY and resource.has("policy")
    ):
        yield tokens.RESOURCE_DOCUMENT


# Inputs that take plain names or ids: the types in which such a name is looked up.
_EXPECTED: Final[Mapping[str, tuple[str, ...]]] = {
    "queueUrl": (tokens.QUEUE,),
    "functionName": (tokens.FUNCTION,),
    "function": (tokens.FUNCTION,),
    "role": (tokens.ROLE,),
    "repository": (tokens.REPOSITORY,),
    "keyId": (tokens.KEY,),
    "targetKeyId": (tokens.KEY,),
    "topic": (tokens.TOPIC,),
    "arn": (tokens.TOPIC,),
    "endpoint": (tokens.QUEUE, tokens.FUNCTION),
    "secretId": (tokens.SECRET,),
    "eventSourceArn": (tokens.QUEUE,),
    "resourceArn": (tokens.TABLE,),
    "policyArn": (tokens.MANAGED_POLICY,),
}
