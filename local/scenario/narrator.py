"""Tell what happens while it happens: a live line in a terminal, plain lines elsewhere."""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.status import Status

PLAIN_LINE_EVERY = 3.0
"""Seconds between two lines of progress where the output is no terminal."""
COLOURS = {"closed": "green", "open": "red", "half_open": "yellow", "held": "magenta"}


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a run is; queues and circuits by service."""

    sent: int
    total: int
    booked: int
    queues: Mapping[str, int]
    circuits: Mapping[str, str]

    def __str__(self) -> str:
        services = (
            f"{service} [{COLOURS.get(self.circuits[service], 'white')}]"
            f"{self.circuits[service]}[/], {number} waiting"
            for service, number in self.queues.items()
        )
        return " · ".join([f"sent {self.sent}/{self.total}, booked {self.booked}", *services])


class Narrator:
    """Prints the story; safe to use from several threads."""

    def __init__(self, console: Console, started: float) -> None:
        self._console = console
        self._started = started
        self._status = Status("starting", console=console) if console.is_terminal else None
        self._last = 0.0

    def say(self, text: str) -> None:
        """One event of the story, with the seconds since the start."""
        self._console.print(
            f"[dim]{time.time() - self._started:5.1f} s[/]  {escape(text)}", soft_wrap=True
        )

    def progress(self, progress: Progress) -> None:
        """How far the run is now."""
        if self._status is not None:
            self._status.update(str(progress))
        elif time.monotonic() - self._last > PLAIN_LINE_EVERY:
            self._last = time.monotonic()
            self._console.print(f"         … {progress}", soft_wrap=True)

    def __enter__(self) -> Self:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status is not None:
            self._status.stop()
