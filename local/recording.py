"""The project's program run in this process, without the Pulumi engine.

`__main__.py` runs unchanged: Pulumi's SDK talks to a monitor of ours in place of the engine's.
The monitor writes down each resource that the program registers and asks a `Provider` for what
the resource becomes. With the provider `Planned` nothing is made anywhere: that is a preview.

What an engine does besides is not done: no state, so no diff, no protection and no aliases; no
resource transforms of the callback kind (`register_resource_transform`; the older
transformations run in the SDK, and so here); no secrets, which are plain values on this side.
"""

import asyncio
import logging
import runpy
import sys
import threading
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from google.protobuf import empty_pb2
from pulumi.runtime import mocks
from pulumi.runtime.config import set_all_config
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import Settings, configure
from pulumi.runtime.stack import run_in_stack

from local.configuration import Configuration, read_configuration
from local.properties import Properties, from_struct, to_struct
from local.resources import offline

STACK = "pulumi:pulumi:Stack"
PROVIDERS = "pulumi:providers:"
PACKAGES = ("components",)  # what the program consists of; each run imports it anew
THREADS = 8  # resources that are made at the same time


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


@dataclass(frozen=True, kw_only=True)
class Recording:
    """What a run of the program registered, in order, and the stack's outputs."""

    resources: tuple[RecordedResource, ...]
    outputs: Properties


class Provider(Protocol):
    """What stands behind the program's resources."""

    def create(self, token: str, name: str, inputs: Properties) -> tuple[str, Properties]:
        """The id and the outputs of a resource."""
        ...

    def invoke(self, token: str, arguments: Properties) -> Properties:
        """The answer of a provider's function."""
        ...


class Planned:
    """A preview: a resource has its inputs, and the rest of it is not known yet."""

    def __init__(self, account: str) -> None:
        """Take `account` as the account that the credentials would belong to."""
        self._account = account

    def create(self, token: str, name: str, inputs: Properties) -> tuple[str, Properties]:
        """The inputs alone."""
        del token, name
        return "", inputs

    def invoke(self, token: str, arguments: Properties) -> Properties:
        """What can be said without an account."""
        return offline.invoke(token, arguments, self._account)


def record(stack: str, root: Path) -> Recording:
    """The resources that a stack would have, from a preview: nothing is made or asked anywhere.

    Raises:
        ConfigurationError: the stack's files are not in order.
        Exception: what the program itself raised.
    """
    configuration = read_configuration(root, stack)
    account = configuration.values.get(f"{configuration.project}:accountId", "")
    return run_program(configuration, root, Planned(account), preview=True)


def run_program(
    configuration: Configuration, root: Path, provider: Provider, *, preview: bool
) -> Recording:
    """Run `__main__.py` of the project at `root`, each resource as soon as its inputs are known.

    Raises:
        Exception: the first that the program or the provider raised.
    """
    # A thread of its own has an empty context: Pulumi keeps all of its state in context variables,
    # so that a second run starts as a new process would.
    with ThreadPoolExecutor(1, thread_name_prefix="program") as thread:
        return thread.submit(_run, configuration, root, provider, preview=preview).result()


def _run(
    configuration: Configuration, root: Path, provider: Provider, *, preview: bool
) -> Recording:
    monitor = _Monitor(configuration, provider)
    set_all_config(dict(configuration.values), sorted(configuration.secret))
    configure(
        Settings(
            project=configuration.project,
            stack=configuration.stack,
            monitor=monitor,
            engine=mocks.MockEngine(logging.getLogger("program")),
            dry_run=preview,
            root_directory=str(root),
        )
    )

    def program() -> None:
        runpy.run_path(str(root / "__main__.py"), run_name="__main__")

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="resource"))
    try:
        with _imports_of(root):
            loop.run_until_complete(run_in_stack(program))
    finally:
        loop.run_until_complete(_settle(loop))
        asyncio.set_event_loop(None)
        loop.close()
    return Recording(resources=tuple(monitor.recorded), outputs=monitor.stack_outputs)


async def _settle(loop: asyncio.AbstractEventLoop) -> None:
    """End what a failed program left behind: tasks that wait for resources that never came."""
    left = asyncio.all_tasks(loop) - {asyncio.current_task(loop)}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await loop.shutdown_default_executor()


@contextmanager
def _imports_of(root: Path) -> Generator[None]:
    """Import the program's packages from `root`, anew, and leave no trace of that."""
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if _of_program(name)}
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))
        for name in list(sys.modules):
            if _of_program(name):
                del sys.modules[name]
        sys.modules.update(kept)


def _of_program(module: str) -> bool:
    return module.partition(".")[0] in PACKAGES


class _Monitor(mocks.MockMonitor):
    """In place of the engine's resource monitor; the SDK calls it from several threads."""

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
        urn = self._urn(request.parent, request.type, request.name)
        inputs = from_struct(request.object)
        id_, outputs = self._made(request, inputs)
        with self._lock:
            self.recorded.append(_recorded(request, urn, inputs, id_, outputs))
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=to_struct(outputs))

    def RegisterResourceOutputs(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> empty_pb2.Empty:
        if request.urn.split("::")[2] == STACK:
            self.stack_outputs = from_struct(request.outputs)
        return empty_pb2.Empty()

    def Invoke(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.ResourceInvokeRequest
    ) -> resource_pb2.ResourceInvokeResponse:
        answer = self._provider.invoke(request.tok, from_struct(request.args))
        response = resource_pb2.ResourceInvokeResponse()
        getattr(response, "return").update(answer)  # the field's name is a keyword of Python
        return response

    def ReadResource(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.ReadResourceRequest
    ) -> resource_pb2.ReadResourceResponse:
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
