"""The runner's side of containers that run services: each that attaches is one worker."""

import contextlib
import json
import os
import socket
import threading
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from local.compute.code import Code
from local.compute.nursery import Exit

PORT = 4567
IN_IMAGE = Code(handler="app.handler", root=Path("/var/task"))
OF_THIS_MACHINE = {"PATH", "AWS_CA_BUNDLE"}
"""Variables of a worker's environment that lead nowhere in a container."""

KILLED = -9


class Attachment:
    """Starts and ends workers in containers that asked for them, by name."""

    def __init__(self, port: int = PORT) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self._changed = threading.Condition()
        self._idle: defaultdict[str, list[socket.socket]] = defaultdict(list)
        self._workers: dict[str, socket.socket | None] = {}
        threading.Thread(target=self._accept, name="attachment", daemon=True).start()

    @property
    def port(self) -> int:
        """Where containers attach."""
        return self._listener.getsockname()[1]

    def spawn(
        self, worker: str, code: Code, environment: Mapping[str, str], output: int, ended: Exit
    ) -> None:
        """Start a worker in the next idle container of its service, as soon as there is one."""
        del code
        self._workers[worker] = None
        arguments = (worker, environment, os.dup(output), ended)
        threading.Thread(target=self._run, args=arguments, name=worker, daemon=True).start()

    def kill(self, worker: str) -> None:
        """End a worker at once: its container ends the process when the connection closes."""
        with self._changed:
            connection = self._workers.pop(worker, None)
            self._changed.notify_all()
        if connection is not None:
            _close(connection)

    def check(self) -> None:
        """See Launcher. A container that is gone comes again; whoever needs it waits."""

    def stop(self) -> None:
        """End every worker and take no container any more."""
        self._listener.close()
        for worker in list(self._workers):
            self.kill(worker)
        for connection in [each for group in self._idle.values() for each in group]:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._greet, args=(connection,), daemon=True).start()

    def _greet(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError, KeyError):
            # The container says one line and waits, so nothing is read beyond it.
            with connection.makefile("rb") as lines:
                service = json.loads(lines.readline())["service"]
            with self._changed:
                self._idle[service].append(connection)
                self._changed.notify_all()

    def _run(self, worker: str, environment: Mapping[str, str], output: int, ended: Exit) -> None:
        status = KILLED
        try:
            connection = self._take(worker, environment["SERVICE"])
            if connection is not None:
                with connection:
                    status = _work(connection, environment, output)
        except OSError:
            status = KILLED
        finally:
            self._workers.pop(worker, None)
            os.close(output)
            ended(status)

    def _take(self, worker: str, service: str) -> socket.socket | None:
        """An idle container of the service; None if the worker is to end before there is one."""
        with self._changed:
            while worker in self._workers:
                while self._idle[service]:
                    connection = self._idle[service].pop(0)
                    if _open(connection):
                        self._workers[worker] = connection
                        return connection
                    connection.close()
                self._changed.wait()
        return None


def _work(connection: socket.socket, environment: Mapping[str, str], output: int) -> int:
    """Hand a container its environment and take what it prints; the answer is the exit status."""
    own = {key: value for key, value in environment.items() if key not in OF_THIS_MACHINE}
    trust = Path(environment["AWS_CA_BUNDLE"]).read_text()
    connection.sendall(json.dumps({"environment": own, "ca": trust}).encode() + b"\n")
    with connection.makefile("rb") as lines:
        for text in lines:
            said = json.loads(text)
            if "status" in said:
                return said["status"]
            os.write(output, said["line"].encode() + b"\n")
    return KILLED


def _open(connection: socket.socket) -> bool:
    """Whether the container at the other end is still there."""
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def _close(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
