import threading
from collections.abc import Callable


class Rounds:
    """Does something again and again in a thread of its own, and once more at the end.

    Args:
        name: Of the thread.
        interval: Seconds between two rounds.
        each: What is done.
    """

    def __init__(self, name: str, interval: float, each: Callable[[], None]) -> None:
        self._interval, self._each = interval, each
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._forever, name=name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Returns once the last round is done."""
        self._stopped.set()
        self._thread.join()

    def _forever(self) -> None:
        while not self._stopped.wait(self._interval):
            self._each()
        self._each()
