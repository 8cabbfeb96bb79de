"""Pulumi's properties and AWS's parameters: the same words with other capitals.

botocore carries AWS's description (a shape) of everything an operation takes and answers. Along a
shape, `{"maximumConcurrency": 5}` becomes `{"MaximumConcurrency": 5}` and back, so that a kind of
resource spells out only the few names that differ.
"""

import re
from collections.abc import Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

Properties = dict[str, Any]


def parameters(shape: Shape, properties: Mapping[str, Any], names: Mapping[str, str]) -> Properties:
    """The members of a structure as AWS spells them.

    `names` has the properties whose AWS name is another word, at any depth. A property that the
    structure has no member for is kept under its own name: AWS's validation then refuses it by
    name, where leaving it out would hide that it has no effect.
    """
    members = _members(shape)
    spelled = {member.lower(): member for member in members}
    converted: Properties = {}
    for key, value in properties.items():
        wanted = names.get(key, key)
        member = spelled.get(wanted.lower(), wanted)
        converted[member] = _to_aws(members.get(member), value, names)
    return converted


def properties(shape: Shape, answer: Mapping[str, Any], names: Mapping[str, str]) -> Properties:
    """The members of an answer as Pulumi spells them; the opposite of `parameters`."""
    renamed = {wanted.lower(): key for key, wanted in names.items()}
    return {
        renamed.get(member.lower(), camel(member)): _from_aws(inner, answer[member], names)
        for member, inner in _members(shape).items()
        if member in answer
    }


def camel(name: str) -> str:
    """`OKActions` -> `okActions`, `KMSKeyArn` -> `kmsKeyArn`, `Timeout` -> `timeout`."""
    capitals = re.match(r"[A-Z]+(?![a-z])|[A-Z]", name)
    head = capitals.group() if capitals else ""
    return head.lower() + name[len(head) :]


def _members(shape: Shape | None) -> Mapping[str, Shape]:
    return shape.members if isinstance(shape, StructureShape) else {}


def _to_aws(shape: Shape | None, value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return parameters(shape, value, names)
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_to_aws(shape.member, item, names) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _to_aws(shape.value, item, names) for key, item in value.items()}
    if shape is not None and shape.type_name in ("float", "double") and isinstance(value, int):
        return float(value)
    return value


def _from_aws(shape: Shape, value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(shape, StructureShape):
        return properties(shape, value, names)
    if isinstance(shape, ListShape):
        return [_from_aws(shape.member, item, names) for item in value]
    if shape.type_name == "timestamp":
        return value.isoformat()
    return value
