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
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pulumi.runtime import mocks
from pulumi.runtime.config import set_all_config
from pulumi.runtime.settings import Settings, configure
from pulumi.runtime.stack import run_in_stack

from local.configuration import Configuration, read_configuration
from local.monitor import Monitor, Provider, RecordedResource
from local.properties import Properties
from local.resources import offline

PACKAGES = ("components",)  # what the program consists of; each run imports it anew
THREADS = 8  # resources that are made at the same time


@dataclass(frozen=True, kw_only=True)
class Recording:
    """What a run of the program registered, in order, and the stack's outputs."""

    resources: tuple[RecordedResource, ...]
    outputs: Properties


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
    monitor = Monitor(configuration, provider)
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
