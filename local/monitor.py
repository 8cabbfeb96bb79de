"""In place of the engine's resource monitor: writes down each resource that is registered."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from google.protobuf import empty_pb2
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2

from local.configuration import Configuration
from local.properties import Properties, from_struct, to_struct

STACK = "pulumi:pulumi:Stack"
PROVIDERS = "pulumi:providers:"


@dataclass(frozen=True, kw_only=True)
class RecordedResource:
    """A resource as the program registered it.

    `inputs` have Pulumi's wire names; what was not known is `local.properties.UNKNOWN`.
    `property_dependencies` has, for each input, the URNs of the resources that its value came
    from; `dependencies` has these and what `depends_on` names.
    """

    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    inputs: Properties
    outputs: Properties
    id: str
    dependencies: tuple[str, ...]
    property_dependencies: Mapping[str, tuple[str, ...]]
    protect: bool
    ignore_changes: tuple[str, ...]


class Provider(Protocol):
    """What stands behind the program's resources."""

    def create(self, token: str, name: str, inputs: Properties) -> tuple[str, Properties]:
        """The id and the outputs of a resource."""
        ...

    def invoke(self, token: str, arguments: Properties) -> Properties:
        """The answer of a provider's function."""
        ...


class Monitor(mocks.MockMonitor):
    """What a program's SDK talks to, from several threads."""

    def __init__(self, configuration: Configuration, provider: Provider) -> None:
        super().__init__(_NoMocks())
        self._configuration = configuration
        self._provider = provider
        self._lock = threading.Lock()
        self.recorded: list[RecordedResource] = []
        self.stack_outputs: Properties = {}

    def RegisterResource(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        """Makes the resource by the provider, and writes it down."""
        urn = self._urn(request.parent, request.type, request.name)
        inputs = from_struct(request.object)
        id_, outputs = self._made(request, inputs)
        with self._lock:
            self.recorded.append(_recorded(request, urn, inputs, id_, outputs))
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=to_struct(outputs))

    def RegisterResourceOutputs(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> empty_pb2.Empty:
        """Keeps those of the stack."""
        if request.urn.split("::")[2] == STACK:
            self.stack_outputs = from_struct(request.outputs)
        return empty_pb2.Empty()

    def Invoke(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.ResourceInvokeRequest
    ) -> resource_pb2.ResourceInvokeResponse:
        """Asks the provider."""
        answer = self._provider.invoke(request.tok, from_struct(request.args))
        response = resource_pb2.ResourceInvokeResponse()
        getattr(response, "return").update(answer)  # the field's name is a keyword of Python
        return response

    def ReadResource(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.ReadResourceRequest
    ) -> resource_pb2.ReadResourceResponse:
        """Refuses: there is no state to read from."""
        raise NotImplementedError(
            f"{request.type} {request.name!r}: without the engine no resource of others is read"
        )

    def _made(
        self, request: resource_pb2.RegisterResourceRequest, inputs: Properties
    ) -> tuple[str, Properties]:
        if request.type.startswith(PROVIDERS):
            return request.name, inputs
        if not request.custom:
            return "", {}
        return self._provider.create(request.type, request.name, inputs)

    def _urn(self, parent: str, type_: str, name: str) -> str:
        """A URN as the engine makes it: with the types of all parents, but not of the stack."""
        of_parent = parent.split("::")[2] if parent else STACK
        qualified = type_ if of_parent == STACK else f"{of_parent}${type_}"
        stack, project = self._configuration.stack, self._configuration.project
        return f"urn:pulumi:{stack}::{project}::{qualified}::{name}"


class _NoMocks(mocks.Mocks):
    """The base class wants mocks; every method that would call them is overridden."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        raise NotImplementedError(args.typ)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise NotImplementedError(args.token)


def _recorded(
    request: resource_pb2.RegisterResourceRequest,
    urn: str,
    inputs: Properties,
    id_: str,
    outputs: Properties,
) -> RecordedResource:
    return RecordedResource(
        urn=urn,
        type=request.type,
        name=request.name,
        parent=request.parent,
        custom=request.custom,
        inputs=inputs,
        outputs=outputs,
        id=id_,
        dependencies=tuple(request.dependencies),
        property_dependencies={
            key: tuple(found.urns) for key, found in request.propertyDependencies.items()
        },
        protect=request.protect,
        ignore_changes=tuple(request.ignoreChanges),
    )
