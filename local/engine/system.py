"""A whole system on this machine whose resources the real engine makes."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pulumi import automation

from local import supervisor
from local.commands import guide
from local.emulator import Emulator
from local.engine.build import EngineError
from local.engine.engine import Engine, Output
from local.engine.place import Place
from local.errors import EndedError, NotRunningError
from local.project import ROOT, STACK, UP
from local.system import Deployer

START_SECONDS = 300.0
"""For a whole system and the engine's first update, on a machine that has more to do."""


def deploy(say: Output) -> None:
    """Start a system and let the engine make its resources, or update the one that runs.

    Raises:
        EngineError: the system that runs was not made by the engine, or there is no engine.
        EndedError: the system ended while it started.
    """
    directory = UP
    if not Place(root=ROOT).pulumi.exists():
        raise EngineError("there is no Pulumi engine yet: make engine builds or finds one")
    try:
        supervisor.find(directory)
    except NotRunningError:
        try:
            state = supervisor.start(
                directory, None, arguments=["--engine"], follow=say, patience=START_SECONDS
            )
        except EndedError as error:
            # Its last words were followed.
            raise EndedError("the system did not start; what it said is above") from error
        news = (
            f"The system is running (process {state.pid}); `make destroy STACK=local` removes it."
        )
        say(f"{news}\n\n{guide(state)}")
        return
    engine = running_engine()
    if engine is None:
        raise EngineError(
            "the system that runs was made by `make up`, without the engine: make down stops it"
        )
    engine.up(say)


def destroy(say: Output) -> None:
    """Remove the resources of the running system and stop it; without one there is no more to do.

    Raises:
        EngineError: it was not made by the engine.
    """
    with contextlib.suppress(NotRunningError):
        supervisor.find(UP)
        engine = running_engine()
        if engine is None:
            raise EngineError("the system that runs was made by `make up`: make down stops it")
        engine.destroy(say)
    say(supervisor.stop(UP))


def running_engine() -> Engine | None:
    """The engine of the system that runs; None where none runs or it made none of it."""
    try:
        state = supervisor.find(UP)
    except NotRunningError:
        return None
    directory = Path(state.directory)
    if not _folder(directory).exists():
        return None
    settings = {"bankUrl": state.bank_url}
    return _engine(directory, Emulator.attach(directory), settings)


def through_engine(directory: Path, say: Output) -> Deployer:
    """What makes a system's resources as it starts: the engine, its words going to `say`."""

    def make(emulator: Emulator, settings: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            return _engine(directory, emulator, settings).up(say)
        except automation.CommandError as error:
            # What failed was said on the way; the error would say all of it again.
            raise EngineError("the engine did not make the system; its reason is above") from error

    return make


def _engine(directory: Path, emulator: Emulator, settings: Mapping[str, str]) -> Engine:
    return Engine(
        place=Place(root=ROOT),
        folder=_folder(directory),
        stack=STACK,
        environment=emulator.environment(),
        settings=settings,
    )


def _folder(directory: Path) -> Path:
    """The engine's state lies with the system that it describes, and goes with it."""
    return directory / "engine"
