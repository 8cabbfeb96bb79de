"""Waiting for what nobody announces: looking again and again, for so long and no longer."""

import subprocess
import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


def seen(look: Callable[[], T | None], *, within: float, every: float = 0.1) -> T | None:
    """What `look` gives as soon as it gives something; None if it never does.

    Args:
        look: Gives nothing, or something false, as long as it is not there.
        within: Seconds after which it is given up; there is one look at least.
        every: Seconds between two looks.
    """
    end = time.monotonic() + within
    while not (found := look()):
        if time.monotonic() > end:
            return None
        time.sleep(every)
    return found


def ended(process: subprocess.Popen[Any], *, within: float) -> int:
    """The status of a process that was told to end; one that takes longer is killed."""
    try:
        return process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
