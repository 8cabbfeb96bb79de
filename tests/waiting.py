"""Waiting for a running system to do what a test asked of it."""

import time
from collections.abc import Callable


def until(
    look: Callable[[], object],
    what: Callable[[], str] | str,
    *,
    within: float = 60.0,
    every: float = 0.1,
) -> None:
    """Fails where it is not seen within these seconds; `what` then says what was there instead."""
    end = time.monotonic() + within
    while not look():
        assert time.monotonic() < end, f"not seen: {what if isinstance(what, str) else what()}"
        time.sleep(every)
