"""One system for one directory: a lock that ends with its holder, however that ends."""

import contextlib
import fcntl
import os
from collections.abc import Generator
from pathlib import Path

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
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(
                f"process {holder(directory)} is already at work in {directory}"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def holder(directory: Path) -> int | None:
    """The process that holds the directory; None if none does."""
    try:
        with _file(directory).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read() or 0)
    except FileNotFoundError:
        return None
    return None


def _file(directory: Path) -> Path:
    return directory / LOCK
