"""Runs inside a service's container under Compose; see docker-compose.yml.

Lambda starts a container with the function's environment. Here a container starts first and asks
for it: it attaches to the embedded AWS, gets the environment of a worker of its function, runs the
image's own entry point in it, and reports what that prints and how it ends. Lines of JSON go both
ways. This file is alone in the container: it uses the standard library only.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

ADDRESS = ("127.0.0.1", 4567)
AGAIN = 0.2
"""Seconds between two tries to reach the embedded AWS."""

TRUST = Path("/tmp/ca.pem")  # noqa: S108 - the only place that a container may write to


def main() -> None:
    """Be one worker after the other, until the container is stopped."""
    signal.signal(signal.SIGTERM, _end)
    service, command = os.environ["SERVICE"], sys.argv[1:]
    while True:
        try:
            with socket.create_connection(ADDRESS) as connection:
                work(connection, service, command)
        except OSError:
            time.sleep(AGAIN)


def work(connection: socket.socket, service: str, command: Sequence[str]) -> None:
    """Wait for the environment of a worker of this service, and be that worker to its end."""
    with connection.makefile("rb") as lines:
        _say(connection, {"service": service})
        asked = lines.readline()
        if not asked:
            raise ConnectionAbortedError
        wanted = json.loads(asked)
        TRUST.write_text(wanted["ca"])
        with subprocess.Popen(
            command,
            env={**os.environ, **wanted["environment"], "AWS_CA_BUNDLE": str(TRUST)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        ) as process:
            # The other side closes the connection to end the worker, as Lambda does at its timeout.
            end = threading.Thread(target=_end_with, args=(lines, process), daemon=True)
            end.start()
            try:
                _report(connection, process)
            finally:
                # Also where the container is stopped: it waits for its worker, which nobody ends.
                _kill(process)
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RD)
                end.join()


def _report(connection: socket.socket, process: subprocess.Popen[str]) -> None:
    for line in process.stdout or ():
        sys.stdout.write(line)
        sys.stdout.flush()
        _say(connection, {"line": line.rstrip("\n")})
    _say(connection, {"status": process.wait()})


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _say(connection: socket.socket, message: dict[str, Any]) -> None:
    connection.sendall(json.dumps(message).encode() + b"\n")


def _end_with(lines: Any, process: subprocess.Popen[str]) -> None:  # noqa: ANN401 - a file
    with contextlib.suppress(OSError):
        lines.read()
    _kill(process)


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
