"""The whole system on one machine: embedded AWS, bank, the program's resources, the functions."""

import contextlib
import importlib
import secrets
import time
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from local.bank.client import BankProcess
from local.bank.desk import Settings as BankSettings
from local.errors import EndedError
from local.interrupts import uninterrupted
from local.project import PROJECT, ROOT, STACK
from local.stopping import Running

if TYPE_CHECKING:
    from local.access import Access
    from local.compute import Resolver, Runner
    from local.emulator import Emulator

TURN = 1.0
"""Seconds between two turns of the schedule here; a minute on AWS."""

Deployer = Callable[["Emulator", Mapping[str, str]], Mapping[str, Any]]
"""Makes the resources in an embedded AWS, with these settings; gives the outputs."""


class System(Running):
    """A running system and the one owner of its processes.

    Leaving the `with` block ends all of them, whatever happened inside.
    """

    def __init__(
        self, access: "Access", bank: BankProcess, runner: "Runner", ended: contextlib.ExitStack
    ) -> None:
        self.access = access
        self.bank = bank
        self.runner = runner
        self.started_at = time.time()
        self._ended = ended

    @classmethod
    def start(  # noqa: PLR0913 - each is one part that a caller may replace
        cls,
        directory: Path,
        *,
        settings: Mapping[str, str] | None = None,
        bank: BankSettings | None = None,
        port: int | None = None,
        deployer: Deployer | None = None,
        resolver: "Resolver | None" = None,
    ) -> Self:
        """Start everything and return when transactions can be sent.

        Args:
            directory: where the processes keep their files and logs.
            settings: values of the stack's configuration, over those of its file.
            bank: how the bank is set up; its API key is always made anew.
            port: of the embedded AWS; a free one if None.
            deployer: makes the resources; this process itself if None.
            resolver: says which code a function runs; the project's own if None.

        Raises:
            EmulatorError, BankError: a process did not start.
        """
        with contextlib.ExitStack() as ended:
            key = secrets.token_urlsafe(24)
            asked = msgspec.structs.replace(bank or BankSettings(), api_key=key)
            # Both processes load while this one does: most of a start is importing.
            spawned = BankProcess.spawn(asked)
            ended.callback(BankProcess.end, spawned)
            with ThreadPoolExecutor(max_workers=2) as pool:
                emulator_started = pool.submit(_start_emulator, directory, port, ended)
                importlib.import_module("local.deployment")
                served = BankProcess.of(spawned)
                ended.callback(served.stop)
                emulator = emulator_started.result()
                with _blaming(emulator.check):
                    runner_started = pool.submit(
                        _start_runner, emulator, directory, resolver, ended
                    )
                    access = _deploy(emulator, served, settings or {}, deployer or _in_process)
                    access.secrets.put_secret_value(
                        SecretId=access.outputs.bank_secret, SecretString=key
                    )
                    runner = runner_started.result()
            return cls(access, served, runner, ended.pop_all())

    def check(self) -> None:
        """Look whether every process is still there.

        Raises:
            EmulatorDiedError, EndedError: one is not.
        """
        self.access.emulator.check()
        self.runner.check()
        if not self.bank.alive:
            raise EndedError("the bank's process ended by itself")

    def stop(self) -> None:
        """End everything; calling it twice is harmless, and interrupting it is not possible."""
        with uninterrupted():
            self._ended.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if isinstance(error, Exception):
                # What failed may have failed because a process is gone: that is then the news.
                self.check()
        finally:
            self.stop()


@contextlib.contextmanager
def _blaming(check: Callable[[], None]) -> Generator[None]:
    """What fails may fail because a process is gone: that is then the news."""
    try:
        yield
    except Exception:
        check()
        raise


def _start_emulator(directory: Path, port: int | None, ended: contextlib.ExitStack) -> "Emulator":
    from local.emulator import Emulator  # noqa: PLC0415 - imported while another thread works

    return ended.enter_context(Emulator.start(directory, port))


def _start_runner(
    emulator: "Emulator",
    directory: Path,
    resolver: "Resolver | None",
    ended: contextlib.ExitStack,
) -> "Runner":
    from local.compute import Runner  # noqa: PLC0415 - imported while another thread works
    from local.compute.code import handler_of_service  # noqa: PLC0415 - the same

    runner = Runner.start(emulator, directory, TURN, resolver=resolver or handler_of_service)
    ended.callback(runner.stop)
    return runner


def _deploy(
    emulator: "Emulator", bank: BankProcess, settings: Mapping[str, str], deployer: Deployer
) -> "Access":
    from local.access import Access, Outputs  # noqa: PLC0415 - imported while processes start

    outputs = deployer(emulator, {"bankUrl": bank.url, **settings})
    return Access(emulator, msgspec.convert(outputs, Outputs), bank)


def _in_process(emulator: "Emulator", settings: Mapping[str, str]) -> Mapping[str, Any]:
    from local.deployment import deploy  # noqa: PLC0415 - imported while processes start

    return deploy(
        stack=STACK,
        root=ROOT,
        session=emulator.session(),
        settings={f"{PROJECT}:{key}": value for key, value in settings.items()},
    )
