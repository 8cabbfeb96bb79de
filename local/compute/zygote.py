"""A process that has the AWS SDK imported already and forks workers from itself.

Importing boto3 is most of a worker's cold start; a fork has it for nothing. The zygote has no
threads and opens nothing, so a fork of it is as clean as a new interpreter. It ends, and ends its
workers, when the socket to its parent closes.

Requests and answers are JSON with a length before it: `{"spawn": id, "environment", "handler",
"root"}` with the worker's output as a file descriptor, `{"kill": id}`; back comes
`{"exited": id, "status": n}`.
"""

import contextlib
import importlib
import os
import selectors
import signal
import socket
import sys
from types import FrameType
from typing import Any, NoReturn

from local.compute import bootstrap
from local.compute.framing import Frames

_PRELOADED = (
    "boto3",
    "botocore.credentials",
    "botocore.httpsession",
    "botocore.retries.standard",
    "msgspec",
    "aws_lambda_powertools",
)
_CHILD_SIGNALS = (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM)


def main() -> None:
    """Serve the socket whose number is the only argument."""
    control = socket.socket(fileno=int(sys.argv[1]))
    _Zygote(control).serve()


class _Zygote:
    def __init__(self, control: socket.socket) -> None:
        self._frames = Frames(control)
        self._workers: dict[int, str] = {}
        self._woken, waker = socket.socketpair()
        for end in (self._woken, waker):
            end.setblocking(False)  # noqa: FBT003 - the socket's own signature
        self._waker = waker
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, _nothing)  # the wakeup below needs a handler
        signal.set_wakeup_fd(waker.fileno())

    def serve(self) -> NoReturn:
        for module in _PRELOADED:
            importlib.import_module(module)
        with selectors.DefaultSelector() as selector:
            selector.register(self._frames.socket, selectors.EVENT_READ, self._obey)
            selector.register(self._woken, selectors.EVENT_READ, self._reap)
            while True:
                for key, _ in selector.select():
                    key.data()

    def _obey(self) -> None:
        try:
            requests = self._frames.receive()
        except EOFError:
            for process in self._workers:
                _kill(process)
            os._exit(0)
        for request, descriptors in requests:
            if "spawn" in request:
                self._spawn(request, descriptors[0])
            else:
                for process, worker in self._workers.items():
                    if worker == request["kill"]:
                        _kill(process)

    def _spawn(self, request: dict[str, Any], output: int) -> None:
        process = os.fork()
        if process == 0:
            self._become_worker(request, output)
        os.close(output)
        self._workers[process] = request["spawn"]

    def _become_worker(self, request: dict[str, Any], output: int) -> NoReturn:
        status = 1
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            for number in _CHILD_SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            for end in (self._frames.socket, self._woken, self._waker):
                end.close()
            with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a device, not a path
                os.dup2(nothing.fileno(), 0)
            for standard in (1, 2):
                os.dup2(output, standard)
            os.close(output)
            sys.stdout.reconfigure(line_buffering=True)  # pyright: ignore[reportAttributeAccessIssue] - a TextIOWrapper at run time
            os.environ.clear()
            os.environ.update(request["environment"])
            os.chdir(request["root"])
            sys.path[0] = request["root"]
            bootstrap.run(request["handler"])
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            with contextlib.suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status & 0xFF)

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._woken.recv(4096)
        with contextlib.suppress(ChildProcessError):
            while True:
                process, status = os.waitpid(-1, os.WNOHANG)
                if process == 0:
                    return
                worker = self._workers.pop(process)
                code = os.waitstatus_to_exitcode(status)
                with contextlib.suppress(OSError):
                    self._frames.send({"exited": worker, "status": code})


def _nothing(_signal: int, _frame: FrameType | None) -> None:
    pass


def _kill(process: int) -> None:
    # A worker leads its own session: what it started dies with it.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


if __name__ == "__main__":
    main()
