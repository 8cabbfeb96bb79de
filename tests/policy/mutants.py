"""Makes every mutant of a graph: each input deleted, weakened or pointed elsewhere, one at a time.

Nothing here knows what the controls look at: mutants are made from the shape of the values alone.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from policy import tokens
from policy.arns import parse_arn
from policy.graph import Graph
from policy.resource import Resource
from policy.values import UNKNOWN

Json = Any  # any value of JSON

Path = tuple[str | int, ...]

FOREIGN: Final = "999999999999"

# Where a word has a weaker one that is just as valid, that is the mutant to fear.
WEAKER: Final[Mapping[str, str]] = {
    "Active": "PassThrough",
    "AWS_IAM": "NONE",
    "GreaterThanOrEqualToThreshold": "LessThanThreshold",
    "GreaterThanThreshold": "LessThanThreshold",
    "IMMUTABLE": "MUTABLE",
    "Image": "Zip",
    "JSON": "Text",
    "KMS": "AES256",
    "LessThanThreshold": "GreaterThanThreshold",
    "MessageAttributes": "MessageBody",
    "PAY_PER_REQUEST": "PROVISIONED",
    "byQueue": "allowAll",
    "denyAll": "allowAll",
    "imageCountMoreThan": "sinceImagePulled",
    "messageGroup": "queue",
    "notBreaching": "missing",
    "perMessageGroupId": "perQueue",
    "sqs": "http",
}


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One changed graph and what was changed in it."""

    token: str
    urn: str
    resource: str
    path: str
    kind: str
    base: Graph
    changed: Resource | None

    @property
    def graph(self) -> Graph:
        """The graph with the change, made anew: nobody keeps thousands of them."""
        resources: list[Resource] = []
        for other in self.base.resources:
            if other.urn != self.urn:
                resources.append(_without(other, self.urn) if self.changed is None else other)
            elif self.changed is not None:
                resources.append(self.changed)
        return Graph(resources)

    @property
    def top(self) -> str:
        """The input that was changed, empty for the resource as a whole."""
        return self.path.partition(".")[0]

    @property
    def line(self) -> str:
        """The mutant without its resource's name: how the committed list names it."""
        return f"{self.token} {re.sub(r'[.][0-9]+', '[]', self.path) or '-'} {self.kind}"

    def __str__(self) -> str:
        return f"{self.resource}: {self.line}"


def mutants(graph: Graph) -> Iterator[Mutant]:
    """Every mutant of the graph."""
    for resource in graph.resources:
        if resource.type == tokens.STACK:
            continue
        if resource.type.startswith(("aws:", "docker")):
            yield _mutant(graph, resource, (), "removed", None)
            if resource.protect:
                yield _mutant(
                    graph, resource, ("(protect)",), "off", replace(resource, protect=False)
                )
        for path, kind, inputs, edges in _changed_inputs(graph, resource):
            changed = replace(resource, inputs=inputs, edges=edges)
            yield _mutant(graph, resource, path, kind, changed)


def _mutant(
    graph: Graph, resource: Resource, path: Path, kind: str, changed: Resource | None
) -> Mutant:
    return Mutant(
        base=graph,
        changed=changed,
        token=resource.type,
        urn=resource.urn,
        resource=resource.name,
        path=".".join(map(str, path)),
        kind=kind,
    )


def _without(resource: Resource, urn: str) -> Resource:
    """A resource of a program that never had the other one."""
    if all(urn not in urns for urns in resource.edges.values()):
        return resource
    edges = {
        key: tuple(item for item in urns if item != urn) for key, urns in resource.edges.items()
    }
    return replace(resource, edges=edges)


def _changed_inputs(
    graph: Graph, resource: Resource
) -> Iterator[tuple[Path, str, Mapping[str, object], Mapping[str, tuple[str, ...]]]]:
    for name, value in resource.inputs.items():
        for path, kind, changed in changes(value):
            if _means_the_same(value, changed):
                continue
            inputs = dict(resource.inputs)
            if changed is DELETED:
                del inputs[name]
            else:
                inputs[name] = changed
            edges = {key: urns for key, urns in resource.edges.items() if key in inputs}
            yield (name, *path), kind, inputs, edges
        for kind, urns in _changed_edges(graph, resource, name):
            yield (name,), kind, resource.inputs, {**resource.edges, name: urns}


def _means_the_same(value: object, changed: object) -> bool:
    """Whether a change changes nothing: a list of one for its item, nothing for an empty object."""
    return _normal(value) == _normal(changed)


def _normal(value: object) -> object:
    if isinstance(value, str) and (document := _json(value)) is not None:
        return _normal(document)
    if isinstance(value, dict):
        content = {key: _normal(item) for key, item in value.items()}
        return {key: item for key, item in content.items() if item not in ({}, [])}
    if isinstance(value, list):
        return _normal(value[0]) if len(value) == 1 else [_normal(item) for item in value]
    return value


def _changed_edges(
    graph: Graph, resource: Resource, name: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Where only edges say what an input is: none, and a sibling's."""
    urns = resource.edges.get(name, ())
    if not urns or not _open(resource.inputs[name]):
        return
    yield "made from nothing", ()
    for urn in urns:
        target = graph.at(urn)
        siblings = graph.of(target.type) if target else ()
        other = next((item.urn for item in siblings if item.urn not in urns), None)
        if other is not None:
            yield "made from a sibling", tuple(other if item == urn else item for item in urns)


def _open(value: object) -> bool:
    if isinstance(value, dict):
        return any(_open(item) for item in value.values())
    if isinstance(value, list):
        return any(_open(item) for item in value)
    return value is UNKNOWN


DELETED: Final = object()


def changes(value: Json) -> Iterator[tuple[Path, str, object]]:
    """Every way to change one value: itself, and what is inside of it."""
    yield (), "deleted", DELETED
    if isinstance(value, dict):
        yield from _inside_mapping(value)
    elif isinstance(value, list):
        yield from _inside_list(value)
    elif isinstance(value, bool):
        yield (), "flipped", not value
    elif isinstance(value, int | float):
        yield (), "lowest", 1 if value != 1 else 0
        yield (), "highest", value * 1000 + 1
    elif isinstance(value, str):
        yield from _string(value)


def _inside_mapping(value: dict[str, Any]) -> Iterator[tuple[Path, str, object]]:
    if _is_statement(value):
        yield from _statement(value)
    for key, item in value.items():
        for path, kind, changed in changes(item):
            copied = dict(value)
            if changed is DELETED:
                del copied[key]
            else:
                copied[key] = changed
            yield (key, *path), kind, copied


def _inside_list(value: list[Any]) -> Iterator[tuple[Path, str, object]]:
    for index, item in enumerate(value):
        for path, kind, changed in changes(item):
            copied = list(value)
            if changed is DELETED:
                del copied[index]
            else:
                copied[index] = changed
            yield (index, *path), kind, copied


def _string(value: str) -> Iterator[tuple[Path, str, object]]:
    document = _json(value)
    if document is not None:
        for path, kind, changed in changes(document):
            if changed is not DELETED:
                yield path, kind, json.dumps(changed)
        yield (), "no document", "{}"
        return
    arn = parse_arn(value)
    if arn is not None:
        yield (), "pointed elsewhere", f"{value}-elsewhere"
        if arn.account:
            yield (), "pointed to another account", value.replace(arn.account, FOREIGN)
        yield (), "widened", f"{value.rsplit(':', 1)[0]}:*"
        return
    yield (), "pointed elsewhere", f"{value}-elsewhere"
    if value in WEAKER:
        yield (), "weakened", WEAKER[value]


def _json(value: str) -> Json:
    if not value.startswith(("{", "[")):
        return None
    try:
        return json.loads(value)
    except ValueError:
        return None


def _is_statement(value: Mapping[str, object]) -> bool:
    return "Effect" in value or {"actions", "resources"} <= set(value)


def _statement(value: dict[str, Any]) -> Iterator[tuple[Path, str, object]]:
    """What an attacker or a tired engineer does to a statement."""
    action, resource = ("Action", "Resource") if "Effect" in value else ("actions", "resources")
    first = next(iter(_list(value[action])))
    service = str(first).partition(":")[0]
    yield (action,), "every action of the service", {**value, action: f"{service}:*"}
    yield (action,), "every action", {**value, action: "*"}
    yield (action,), "an action that is not there", {**value, action: f"{service}:DoesNotExist"}
    if resource in value and value[resource] != "*":
        yield (resource,), "every resource", {**value, resource: "*"}
    if "Effect" in value:
        other = "Deny" if value["Effect"] == "Allow" else "Allow"
        yield ("Effect",), "turned round", {**value, "Effect": other}
    if "Principal" in value:
        yield ("Principal",), "everybody", {**value, "Principal": "*"}
        stranger = {"AWS": f"arn:aws:iam::{FOREIGN}:root"}
        yield ("Principal",), "a stranger", {**value, "Principal": stranger}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]
