"""A clock that jumps from event to event, and processes that wait on it.

A process is ordinary blocking code (the worker's, the manager's) in a greenlet of its own; exactly
one runs at a time. Threads do the same, and their hand-over was a quarter of the circuit's table.
"""

import heapq
from collections.abc import Callable
from typing import Self

from greenlet import getcurrent, greenlet

Event = Callable[[], object]


class Engine:
    """Time, events and processes of one simulation. Times are seconds; it begins at `start`.

    Use it as a context manager: leaving the block ends every process.
    """

    def __init__(self, start: float = 0.0) -> None:
        self.now = start
        self._events: list[tuple[float, int, Event]] = []
        self._count = 0
        self._waiting: set[greenlet] = set()
        self._clockwork = getcurrent()
        self._end: Event = lambda: None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in tuple(self._waiting):
            process.throw()

    def clock(self) -> float:
        """The present, as the code under test reads it."""
        return self.now

    def at(self, when: float, event: Event) -> None:
        """Runs `event` at a moment. It must not wait; `start` is for what waits."""
        self._count += 1
        heapq.heappush(self._events, (max(when, self.now), self._count, event))

    def start(self, work: Event, after: float = 0.0) -> None:
        """Starts a process after some seconds."""
        self.at(self.now + after, lambda: greenlet(work, self._clockwork).switch())

    def sleep(self, seconds: float) -> None:
        """Lets time pass for the process that calls it, and for the others meanwhile."""
        until = self.now + seconds
        if not self._events or self._events[0][0] > until:
            self.now = until
            return
        process = getcurrent()
        self._waiting.add(process)
        self.at(until, process.switch)
        self._clockwork.switch()
        self._waiting.remove(process)

    def run(self, until: float) -> None:
        """Runs to a moment, or until `stop`; raises what a process raised."""
        self._clockwork = getcurrent()
        end = self._end = lambda: None
        self.at(until, end)
        while True:
            self.now, _, event = heapq.heappop(self._events)
            if event is end:
                return
            event()

    def stop(self) -> None:
        """Ends `run` as soon as what happens at this moment is done."""
        self.at(self.now, self._end)
