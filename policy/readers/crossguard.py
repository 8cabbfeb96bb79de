"""The graph of what the engine sends to a policy pack."""

from collections.abc import Mapping
from typing import Any, Final, cast

from google.protobuf import json_format
from pulumi_policy import PolicyResource, StackValidationArgs
from pulumi_policy.proxy import UnknownValueError

from policy.graph import Graph
from policy.readers.state import IDENTIFIERS
from policy.resource import Resource
from policy.values import UNKNOWN, Unknown, mapping_of, plain

_DEFAULT_TAGS: Final = "defaultTags"

Request = Any  # generated without types


def graph_of_request(request: Request, inputs: Mapping[str, Mapping[str, object]]) -> Graph:
    """The graph of an AnalyzeStack request.

    Args:
        request: the protocol's message, with every resource's outputs.
        inputs: by URN, what the engine sent for each resource before; where it sent nothing, the
            outputs stand in, without what only the provider can have computed.
    """
    return Graph([_resource(item, inputs.get(item.urn)) for item in request.resources])


def _resource(item: Request, inputs: Mapping[str, object] | None) -> Resource:
    edges = {name: tuple(found.urns) for name, found in item.propertyDependencies.items()}
    if inputs is None:
        outputs = plain(json_format.MessageToDict(item.properties))
        inputs = given(cast("Mapping[str, object]", outputs), edges)
    return Resource(
        urn=item.urn,
        type=item.type,
        name=item.name,
        inputs=inputs,
        edges=edges,
        depends_on=tuple(item.dependencies),
        parent=item.parent or None,
        protect=bool(item.options.protect),
        ignore_changes=tuple(item.options.ignoreChanges),
        outputs=_identifiers(item),
        default_tags=_default_tags(item),
    )


def given(
    outputs: Mapping[str, object], edges: Mapping[str, tuple[str, ...]]
) -> Mapping[str, object]:
    """Outputs without those that are not known and came from no resource: AWS computes them."""
    return {
        name: value
        for name, value in outputs.items()
        if not isinstance(value, Unknown) or edges.get(name)
    }


def _identifiers(item: Request) -> dict[str, str]:
    fields = item.properties.fields
    found = {key: fields[key].string_value for key in IDENTIFIERS if key in fields}
    known = {key: value for key, value in found.items() if isinstance(plain(value), str)}
    return {key: value for key, value in known.items() if value}


def _default_tags(item: Request) -> Mapping[str, object]:
    if not item.HasField("provider"):
        return {}
    fields = item.provider.properties.fields
    if _DEFAULT_TAGS not in fields:
        return {}
    properties = mapping_of(plain(json_format.MessageToDict(item.provider.properties)))
    return mapping_of(mapping_of(properties.get(_DEFAULT_TAGS)).get("tags"))


def graph_of_arguments(args: StackValidationArgs) -> Graph:
    """The graph of a stack policy's own arguments, for an SDK without our analyzer."""
    return Graph([_policy_resource(item) for item in args.resources])


def _policy_resource(item: PolicyResource) -> Resource:
    edges = {
        name: tuple(other.urn for other in others)
        for name, others in item.property_dependencies.items()
    }
    outputs = cast("Mapping[str, object]", plain(_unwrapped(item.props)))
    return Resource(
        urn=item.urn,
        type=item.resource_type,
        name=item.name,
        inputs=given(outputs, edges),
        edges=edges,
        depends_on=tuple(other.urn for other in item.dependencies),
        parent=item.parent.urn if item.parent else None,
        protect=bool(item.opts.protect),
        ignore_changes=tuple(item.opts.ignore_changes),
        outputs={key: value for key in IDENTIFIERS if isinstance(value := outputs.get(key), str)},
    )


def _unwrapped(value: object) -> object:
    """What the SDK's proxies hold; they raise on everything but iteration where one is unknown."""
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, object]", value)
        return {key: _item(mapping, key) for key in set(mapping)}
    if hasattr(value, "__len__") and not isinstance(value, str | bytes):
        entries = cast("list[object]", value)
        return [_item(entries, index) for index in range(len(entries))]
    return value


def _item(holder: Any, key: str | int) -> object:  # noqa: ANN401 (the SDK's own proxies)
    try:
        return _unwrapped(holder[key])
    except UnknownValueError:
        return UNKNOWN
