"""A clock that jumps from event to event, and processes that wait on it.

A process is ordinary blocking code (the worker's, the manager's) in a thread of its own; exactly
one thread runs at a time. Whoever has to wait runs the event loop itself until its own turn or
another's comes, so a wait costs one hand-over at most, and none where nothing happens meanwhile.
"""

import heapq
from collections.abc import Callable
from threading import Lock, Thread, stack_size
from typing import Self

STACK = 512 * 1024
"""Bytes of stack for the thread of a process: there may be a thousand."""

Work = Callable[[], None]


class Killed(BaseException):
    """The simulation is over; unwinds a process that still waits."""


class _Place:
    """A thread in which processes run, one after another; `work` is what it begins next."""

    __slots__ = ("go", "work")

    def __init__(self) -> None:
        self.go = Lock()
        self.go.acquire()
        self.work: Work | None = None


class _Begin:
    """The beginning of a process, as an event."""

    __slots__ = ("work",)

    def __init__(self, work: Work) -> None:
        self.work = work


class _Return:
    """The end of one `run`, as an event; void once that run is over."""


Event = Work | _Place | _Begin | _Return


class Engine:
    """Time, events and processes of one simulation. Times are seconds; it begins at `start`.

    Use it as a context manager: leaving the block ends every process.
    """

    def __init__(self, start: float = 0.0) -> None:
        self.now = start
        self._events: list[tuple[float, int, Event]] = []
        self._count = 0
        self._main = self._current = _Place()
        self._idle: list[_Place] = []
        self._threads: list[tuple[Thread, _Place]] = []
        self._return = _Return()
        self._over = False
        self._error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        for thread, place in self._threads:
            place.go.release()
            thread.join()

    def clock(self) -> float:
        """The present, as the code under test reads it."""
        return self.now

    def at(self, when: float, event: Work) -> None:
        """Runs `event` at a moment. It must not wait; `start` is for what waits."""
        self._push(when, event)

    def start(self, work: Work, after: float = 0.0) -> None:
        """Starts a process after some seconds."""
        self._push(self.now + after, _Begin(work))

    def sleep(self, seconds: float) -> None:
        """Lets time pass for the process that calls it, and for the others meanwhile."""
        until = self.now + seconds
        if not self._events or self._events[0][0] > until:
            self.now = until
            return
        me = self._current
        self._push(until, me)
        self._loop(me)

    def run(self, until: float) -> None:
        """Runs to a moment, or until `stop`; raises what a process raised."""
        self._return = _Return()
        self._push(until, self._return)
        self._loop(self._main)
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Ends `run` as soon as what happens at this moment is done."""
        self._push(self.now, self._return)

    def _push(self, when: float, event: Event) -> None:
        self._count += 1
        heapq.heappush(self._events, (max(when, self.now), self._count, event))

    def _loop(self, me: _Place) -> None:
        """Runs events in this thread until it is its own turn."""
        while True:
            self.now, _, event = heapq.heappop(self._events)
            if isinstance(event, _Begin):
                place = self._idle.pop() if self._idle else self._new_place()
                place.work = event.work
            elif isinstance(event, _Place):
                place = event
            elif isinstance(event, _Return):
                if event is not self._return:
                    continue
                place = self._main
            else:
                event()
                continue
            if place is me and place.work is None:
                self._current = me
                return
            self._hand_over(me, place)
            return

    def _hand_over(self, me: _Place, place: _Place) -> None:
        self._current = place
        place.go.release()
        me.go.acquire()
        if self._over:
            raise Killed

    def _new_place(self) -> _Place:
        place = _Place()
        before = stack_size(STACK)
        thread = Thread(target=self._live, args=(place,), daemon=True)
        thread.start()
        stack_size(before)
        self._threads.append((thread, place))
        return place

    def _live(self, me: _Place) -> None:
        """Begins one process after another, and runs events between them."""
        try:
            me.go.acquire()
            while not self._over:
                self._run_work(me)
                self._next_work(me)
        except Killed:
            return

    def _run_work(self, me: _Place) -> None:
        work, me.work = me.work, None
        try:
            if work is not None:
                work()
        except Exception as error:  # noqa: BLE001 - `run` raises it where the caller sees it
            self._error = error
            self.stop()

    def _next_work(self, me: _Place) -> None:
        """Runs events until another's turn, then rests; or until a process can begin here."""
        while True:
            self.now, _, event = heapq.heappop(self._events)
            if isinstance(event, _Begin):
                self._current, me.work = me, event.work
                return
            if isinstance(event, _Place | _Return):
                if isinstance(event, _Return) and event is not self._return:
                    continue
                self._idle.append(me)
                self._hand_over(me, event if isinstance(event, _Place) else self._main)
                return
            event()
