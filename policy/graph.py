"""The graph of a program's resources, the only thing that a control sees."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar, cast

from policy import tokens
from policy.arns import named
from policy.values import UNKNOWN, Unknown

_T = TypeVar("_T")


class NotKnownError(Exception):
    """A control needs a value that this preview does not know.

    Attributes:
        resource: URN of the resource that holds the property.
        path: the property, dotted.
    """

    def __init__(self, resource: "Resource", path: Iterable[str | int]) -> None:
        self.resource = resource.urn
        self.path = ".".join(str(part) for part in path)
        super().__init__(f"{self.path} of {resource.name} is not known yet")


@dataclass(frozen=True, kw_only=True, eq=False)
class Resource:
    """One resource: its inputs as the program gave them and its edges to other resources.

    Attributes:
        inputs: by wire name (camelCase); `UNKNOWN` stands for what is not known.
        edges: URNs of the resources that an input was made from, by input.
        depends_on: URNs of every resource that this one waits for.
        outputs: the identifiers that AWS gave it, where it exists already.
        ignore_changes: None where the source of the graph does not say.
    """

    urn: str
    type: str
    name: str
    inputs: Mapping[str, object]
    edges: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    depends_on: tuple[str, ...] = ()
    parent: str | None = None
    protect: bool | None = None
    ignore_changes: tuple[str, ...] | None = None
    outputs: Mapping[str, str] = field(default_factory=dict[str, str])
    default_tags: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def stack(self) -> str:
        """The stack that the resource is part of, from its URN."""
        return self.urn.removeprefix("urn:pulumi:").partition("::")[0]

    @property
    def project(self) -> str:
        """The project that the resource is part of, from its URN."""
        return self.urn.split("::")[1]

    def has(self, name: str) -> bool:
        """Whether the program gives this input; one that is not known yet is given."""
        return self.inputs.get(name) is not None

    def has_path(self, *path: str | int) -> bool:
        """Whether there is a value at a path; one that is not known yet is there."""
        return self._walk(path) is not None

    def known(self, *path: str | int) -> bool:
        """Whether reading this path would give a value or its absence, not `NotKnownError`."""
        return not isinstance(self._walk(path), Unknown)

    def get(self, *path: str | int) -> object:
        """The value at a path of keys and indices, None where absent.

        Raises:
            NotKnownError: the value, or one that holds it, is not known yet.
        """
        value = self._walk(path)
        if isinstance(value, Unknown):
            raise NotKnownError(self, path)
        return value

    def text(self, *path: str | int) -> str | None:
        """The string at a path, None where absent or of another type."""
        value = self.get(*path)
        return value if isinstance(value, str) else None

    def number(self, *path: str | int) -> float | None:
        """The number at a path, None where absent or of another type."""
        value = self.get(*path)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def flag(self, *path: str | int) -> bool:
        """Whether the value at a path is true; strings as the providers take them."""
        return self.get(*path) in (True, "true")

    def items(self, *path: str | int) -> Sequence[object]:
        """The list at a path, empty where absent."""
        value = self.get(*path)
        return cast("Sequence[object]", value) if isinstance(value, list) else ()

    def mapping(self, *path: str | int) -> Mapping[str, object]:
        """The object at a path, empty where absent."""
        value = self.get(*path)
        return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}

    def document(self, *path: str | int) -> Mapping[str, object] | None:
        """The JSON object that the string at a path holds; None where absent or malformed."""
        value = self.get(*path)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                return None
        return cast("Mapping[str, object]", value) if isinstance(value, dict) else None

    def _walk(self, path: Iterable[str | int]) -> object:
        value: object = self.inputs
        for part in path:
            if isinstance(value, Unknown):
                return UNKNOWN
            if isinstance(part, int) and isinstance(value, list):
                entries = cast("list[object]", value)
                value = entries[part] if part < len(entries) else None
            elif isinstance(value, dict):
                value = cast("dict[object, object]", value).get(part)
            else:
                return None
        return value

    @property
    def physical_name(self) -> str | None:
        """The name in AWS as far as it is known without asking."""
        for key in ("name", "secretId", "identifier"):
            value = self.inputs.get(key)
            if isinstance(value, str):
                return value
        return self.outputs.get("name")


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
        found = self.called(thing.token, thing.name) if thing is not None else None
        found = found or self._by_output.get(text) or self._by_urn.get(text)
        if found is not None:
            return found if not tokens or found.type in tokens else None
        for token in tokens:
            if found := self.called(token, text):
                return found
        return None

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

    def pointing(self, token: str, name: str, to: Resource) -> tuple[Resource, ...]:
        """Every resource of a type whose input points to `to`."""

        def index() -> dict[str, list[Resource]]:
            found: dict[str, list[Resource]] = defaultdict(list)
            for resource in self.of(token):
                try:
                    target = self.target(resource, name)
                except NotKnownError:
                    continue
                if target is not None and target.resource is not None:
                    found[target.resource.urn].append(resource)
            return found

        return tuple(self.memo(("pointing", token, name), index).get(to.urn, ()))

    def memo(self, key: object, compute: Callable[[], _T]) -> _T:
        """The result of `compute`, made once for this graph."""
        if key not in self._memory:
            self._memory[key] = compute()
        return cast("_T", self._memory[key])


_IDENTITY_POLICIES: Final = frozenset(
    {
        tokens.ROLE_POLICY,
        tokens.MANAGED_POLICY,
        "aws:iam/userPolicy:UserPolicy",
        "aws:iam/groupPolicy:GroupPolicy",
    }
)
_RESOURCE_POLICIES: Final = frozenset(
    {
        tokens.QUEUE_POLICY,
        tokens.TOPIC_POLICY,
        tokens.KEY_POLICY,
        tokens.REPOSITORY_POLICY,
        "aws:secretsmanager/secretPolicy:SecretPolicy",
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
    "policyArn": (tokens.MANAGED_POLICY,),
}
