"""A Docker engine: the one that runs, or one installed and started here, where that is allowed."""

import os
import shutil
import subprocess
from pathlib import Path

from local.errors import LocalError
from local.packages import install
from local.waiting import seen

START_TIMEOUT = 60
"""Seconds."""


class NoEngineError(LocalError):
    """There is no Docker engine, and none can be had here."""


def answers() -> bool:
    """Whether a Docker engine answers."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0


def ensure(directory: Path) -> None:
    """Leaves a Docker engine running.

    One that this starts goes on until the machine ends; its process id and log are in `directory`.

    Raises:
        NoEngineError, NoPackageError: Saying why there is none and what a person can do.
    """
    if answers():
        return
    if os.geteuid() != 0:
        raise NoEngineError(
            "no Docker engine answers; start one, or run this as root to install it"
        )
    if shutil.which("dockerd") is None:
        install("docker.io")
    directory.mkdir(parents=True, exist_ok=True)
    log = directory / "dockerd.log"
    process = _start(log)
    (directory / "dockerd.pid").write_text(str(process))
    alive = Path(f"/proc/{process}")
    seen(lambda: answers() or not alive.exists(), within=START_TIMEOUT)
    if not answers():
        raise NoEngineError(f"dockerd does not start here; its log ends: {_end_of(log)}")


def _start(log: Path) -> int:
    """Start the engine as nobody's child, because it outlives who starts it; its process id."""
    done = subprocess.run(
        ["sh", "-c", 'dockerd >"$0" 2>&1 & echo $!', log],
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )
    return int(done.stdout)


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-400:].strip()
