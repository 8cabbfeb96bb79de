import os
import threading
from collections.abc import Callable


class Output:
    """What a worker prints, line by line, and Lambda's own lines between them in their order.

    Both go through one pipe: what a handler printed before it answered comes before the line that
    says so.
    """

    def __init__(self, take: Callable[[str], None]) -> None:
        self._take = take
        self._reading, self.descriptor = os.pipe()
        self._open = True
        self._lock = threading.Lock()
        threading.Thread(target=self._read, name="output", daemon=True).start()

    def write(self, line: str) -> None:
        """Add a line, if the worker is not gone."""
        with self._lock:
            if self._open:
                os.write(self.descriptor, f"{line}\n".encode())

    def close(self) -> None:
        """Let the reader end once the worker's side is closed too."""
        with self._lock:
            if self._open:
                self._open = False
                os.close(self.descriptor)

    def _read(self) -> None:
        with os.fdopen(self._reading, errors="replace") as lines:
            for line in lines:
                self._take(line.rstrip("\n"))
