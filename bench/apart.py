"""CPU of processes that somebody else starts, told apart while they run."""

import threading
from collections.abc import Callable
from typing import Final, Self

import psutil

from local.stopping import Running

PERIOD: Final = 0.1
"""Seconds between two looks. What a process does after the last one is not seen."""


class Apart(Running):
    """Adds up what the descendants of this process spend whose command line is chosen.

    The system tells what all of a command's processes took together, but not what each did.
    """

    def __init__(self, chosen: Callable[[str], bool]) -> None:
        self._chosen = chosen
        self._seen: dict[tuple[int, float], float] = {}
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look_again_and_again, daemon=True)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def stop(self) -> None:
        """End the watch."""
        self._over.set()
        self._watch.join()

    @property
    def cpu(self) -> float:
        """Seconds of CPU of the chosen ones, as far as they were seen."""
        return sum(self._seen.values())

    def look(self, process: psutil.Process) -> None:
        """Notes what a process has spent up to now, if it is a chosen one."""
        try:
            if self._chosen(" ".join(process.cmdline())):
                times = process.cpu_times()
                # A number of a process is used again; with its start it is one process.
                self._seen[process.pid, process.create_time()] = times.user + times.system
        except psutil.Error:  # it ended between two calls
            return

    def _look_again_and_again(self) -> None:
        while not self._over.wait(PERIOD):
            for process in psutil.Process().children(recursive=True):
                self.look(process)
