"""One system for one directory: a lock that ends with its holder, however that ends."""

import contextlib
import fcntl
import os
from collections.abc import Generator
from pathlib import Path
from typing import TextIO

from local.errors import AlreadyRunningError

LOCK = "lock"
"""The file in the directory."""


@contextlib.contextmanager
def held(directory: Path) -> Generator[None]:
    """Hold the directory for as long as the block lasts.

    Raises:
        AlreadyRunningError: another process holds it.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with _file(directory).open("a+") as file:
        while not _taken(file, fcntl.LOCK_EX):
            # None of them may be left by now: `holder` itself has the lock while it looks.
            if (other := holder(directory)) is not None:
                raise AlreadyRunningError(f"process {other} is already at work in {directory}")
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def holder(directory: Path) -> int | None:
    """The process that holds the directory; None if none does."""
    try:
        with _file(directory).open() as file:
            while not _taken(file, fcntl.LOCK_SH):
                # Whoever has it may not have written its number yet; 0 would be everybody's.
                file.seek(0)
                if number := file.read():
                    return int(number)
    except FileNotFoundError:
        return None
    return None


def _taken(file: TextIO, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _file(directory: Path) -> Path:
    return directory / LOCK
