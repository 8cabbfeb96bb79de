import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from local.compute.code import Code
from local.compute.framing import Frames
from local.errors import EndedError
from local.project import ROOT

Exit = Callable[[int], None]


class Launcher(Protocol):
    """Starts and ends workers by name, wherever they run."""

    def spawn(
        self, worker: str, code: Code, environment: Mapping[str, str], output: int, ended: Exit
    ) -> None:
        """Start a worker. `ended` is called once with its exit status, negative for a signal."""
        ...

    def kill(self, worker: str) -> None:
        """End a worker at once, with all that it started."""
        ...

    def check(self) -> None:
        """Raise EndedError if no worker can be started any more."""
        ...

    def stop(self) -> None:
        """End every worker."""
        ...


class Nursery:
    """The runner's side of the zygote: starts and ends worker processes by name."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.compute.zygote", str(theirs.fileno())],
                cwd=ROOT,
                env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(ROOT)},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._frames = Frames(ours)
        self._sending = threading.Lock()
        self._exits: dict[str, Exit] = {}
        self._reader = threading.Thread(target=self._read, name="nursery", daemon=True)
        self._reader.start()

    def spawn(
        self, worker: str, code: Code, environment: Mapping[str, str], output: int, ended: Exit
    ) -> None:
        """Start a worker. `ended` is called once with its exit status, negative for a signal."""
        request = {
            "spawn": worker,
            "environment": dict(environment),
            "handler": code.handler,
            "root": str(code.root),
        }
        self._exits[worker] = ended
        with self._sending:
            self._frames.send(request, output)

    def kill(self, worker: str) -> None:
        """End a worker at once, with all that it started."""
        with self._sending:
            self._frames.send({"kill": worker})

    def check(self) -> None:
        """Raise EndedError if the zygote has ended: no worker starts any more."""
        if self._process.poll() is not None:
            raise EndedError("the process that runs the functions ended by itself")

    def stop(self) -> None:
        """End every worker and the zygote."""
        self._frames.socket.shutdown(socket.SHUT_RDWR)
        self._process.wait()
        self._reader.join()
        self._frames.socket.close()

    def _read(self) -> None:
        while True:
            try:
                messages = self._frames.receive()
            except (EOFError, OSError):
                break
            for message, _ in messages:
                self._exits.pop(message["exited"])(message["status"])
        for ended in list(self._exits.values()):
            ended(-9)
