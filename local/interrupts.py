"""Ctrl-C and a polite kill, as one exception; and a block that they cannot tear apart."""

import contextlib
import signal
import threading
from collections.abc import Generator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Someone asked this process to end."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(signal.Signals(number).name)


def raise_on_signals() -> None:
    """From now on the signals that ask for an end raise Interrupted in the main thread."""
    for number in SIGNALS:
        signal.signal(number, _interrupt)


@contextlib.contextmanager
def uninterrupted() -> Generator[None]:
    """Ignore the signals for as long as the block lasts: a stop that is under way is finished."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    raise Interrupted(number)
