"""A system that outlives the command that started it: start, find and stop it."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import msgspec

from local.access import State
from local.errors import EndedError, LocalError, NotRunningError
from local.lock import LOCK, held, holder
from local.project import ROOT
from local.system import Deployer, System
from local.waiting import seen

START_SECONDS = 60.0
STOP_SECONDS = 20.0
LOOK_AGAIN = 0.2
LAST_WORDS = 20
"""Lines of a log that are quoted; an error of the emulator has fifteen of its own."""


def serve(directory: Path, port: int | None, deployer: Deployer | None = None) -> None:
    """Run a system until a signal comes; this is the process in the background.

    Its resources are made by `deployer`, or by this process where that is None.

    Raises:
        EndedError, EmulatorDiedError: a part of the system ended by itself.
    """
    from local.page import Page  # noqa: PLC0415 - only this process needs it

    with (
        held(directory),
        System.start(directory, port=port, deployer=deployer) as system,
        Page(system.access) as page,
    ):
        emulator, bank = system.access.emulator, system.bank
        state = State(
            pid=os.getpid(),
            started_at=system.started_at,
            directory=str(directory),
            endpoint=emulator.endpoint,
            ca_bundle=str(emulator.ca_bundle),
            region=emulator.region,
            bank_url=bank.url,
            bank_control_url=bank.control_url,
            outputs=system.access.outputs,
            page_url=page.url,
        )
        with published(state):
            while True:
                system.check()
                time.sleep(LOOK_AGAIN)


@contextlib.contextmanager
def published(state: State) -> Generator[None]:
    """Let `find` give this state for as long as the block lasts."""
    file = _state_file(Path(state.directory))
    try:
        _write(file, msgspec.json.encode(state))
        yield
    finally:
        file.unlink(missing_ok=True)


def start(
    directory: Path,
    port: int | None,
    *,
    arguments: Sequence[str] = (),
    follow: Callable[[str], object] | None = None,
    patience: float = START_SECONDS,
) -> State:
    """Start a system in the background and wait until it is ready.

    Args:
        directory: where it keeps its files.
        port: of the embedded AWS; a free one if None.
        arguments: further ones of `python -m local serve`.
        follow: gets each line that the system logs meanwhile.
        patience: seconds after which it is given up.

    Raises:
        AlreadyRunningError: there is one; `find` gives it.
        EndedError: it ended while it started; the text has its last words.
    """
    with held(directory):
        _clear(directory)
    with (directory / "system.log").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "local", "serve", "--directory", str(directory)]
            + ([] if port is None else ["--port", str(port)])
            + list(arguments),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        return _once_ready(process, directory, follow or _ignore, patience)
    except BaseException:
        # Whoever does not want to wait does not want a half-started system either.
        # All of its session: an engine that makes its resources ends its own processes by this.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        process.wait()
        raise


def _once_ready(
    process: subprocess.Popen[bytes],
    directory: Path,
    follow: Callable[[str], object],
    patience: float,
) -> State:
    log = directory / "system.log"
    with log.open() as lines:

        def ready_or_ended() -> bool:
            ended = process.poll() is not None
            for line in lines:
                follow(line)
            return ended or _state_file(directory).exists()

        if not seen(ready_or_ended, within=patience, every=LOOK_AGAIN):
            raise EndedError(f"the system did not start in {patience:.0f} s; its log is {log}")
    if process.poll() is None:
        return _read(directory)
    words = _last_words(directory) or "it said nothing"
    raise EndedError(f"the system did not start: {words}")


def _clear(directory: Path) -> None:
    """Remove what a system that was killed has left: the new one shares nothing with it."""
    for left in directory.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        elif left.name != LOCK:
            left.unlink()


def _ignore(_: str) -> None:
    """Nobody wants to hear it."""


def find(directory: Path) -> State:
    """The system that runs in this directory.

    Raises:
        NotRunningError: there is none, or only what one left that was killed or has failed.
    """
    if holder(directory) is None:
        raise NotRunningError(_why_none(directory))
    if not _state_file(directory).exists():
        raise NotRunningError("the system is still starting or stopping; try again in a moment")
    return _read(directory)


def _why_none(directory: Path) -> str:
    if _state_file(directory).exists():
        return f"{_started(directory)} was ended from outside; `make up` starts a new one"
    none, words = "no system is running; `make up` starts one", _last_words(directory)
    return f"{none}\nThe last one ended with these words:\n{words}" if words else none


def stop(directory: Path) -> str:
    """End the system and remove what it left; says what was done.

    Raises:
        LocalError: it does not end.
    """
    pid = holder(directory)
    if pid is None:
        stale = _state_file(directory).exists()
        said = _started(directory) + " was gone already" if stale else "no system is running"
        shutil.rmtree(directory, ignore_errors=True)
        return f"{said}; nothing is left of it" if stale else said
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        if seen(lambda: holder(directory) is None, within=STOP_SECONDS, every=LOOK_AGAIN):
            shutil.rmtree(directory, ignore_errors=True)
            return f"the system of process {pid} has stopped; nothing is left of it"
    raise LocalError(f"process {pid} does not end")


def _state_file(directory: Path) -> Path:
    return directory / "system.json"


def _read(directory: Path) -> State:
    return msgspec.json.decode(_state_file(directory).read_bytes(), type=State)


def _started(directory: Path) -> str:
    state = _read(directory)
    return time.strftime(
        f"the system of process {state.pid}, started at %H:%M:%S,", time.localtime(state.started_at)
    )


def _write(path: Path, content: bytes) -> None:
    """Put the file there whole: a reader never sees half of it."""
    new = path.with_suffix(".new")
    new.write_bytes(content)
    new.replace(path)


def _last_words(directory: Path) -> str:
    log = directory / "system.log"
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").strip().splitlines()[-LAST_WORDS:])
