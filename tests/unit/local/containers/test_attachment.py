"""Both ends of an attached container: the runner's side, and the script inside the container."""

import contextlib
import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.containers import attach
from local.containers.attachment import IN_IMAGE, KILLED, Attachment

PATIENCE = 10.0


@pytest.fixture
def attachment() -> Iterator[Attachment]:
    attachment = Attachment(port=0)
    yield attachment
    attachment.stop()


@pytest.fixture
def trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The emulator's certificate, and where a container keeps its copy."""
    monkeypatch.setattr(attach, "TRUST", tmp_path / "container" / "ca.pem")
    (tmp_path / "container").mkdir()
    (tmp_path / "ca.pem").write_text("a certificate")
    return tmp_path / "ca.pem"


class Spawned:
    """A worker that was asked for."""

    def __init__(self, attachment: Attachment, trust: Path, **environment: str) -> None:
        self.statuses: queue.Queue[int] = queue.Queue()
        self.output, writing = os.pipe()
        variables = {"SERVICE": "one", "AWS_CA_BUNDLE": str(trust), "PATH": "/of/the/runner"}
        attachment.spawn("w", IN_IMAGE, {**variables, **environment}, writing, self.statuses.put)
        os.close(writing)

    def status(self) -> int:
        return self.statuses.get(timeout=PATIENCE)

    def printed(self) -> str:
        with os.fdopen(self.output) as lines:
            return lines.read()


def container(attachment: Attachment, program: str) -> threading.Thread:
    """A container of the service `one` whose entry point is a Python program."""

    def attached() -> None:
        with (
            contextlib.suppress(OSError),  # as the script's loop does
            socket.create_connection(("127.0.0.1", attachment.port)) as connection,
        ):
            attach.work(connection, "one", [sys.executable, "-uc", program])

    thread = threading.Thread(target=attached, daemon=True)
    thread.start()
    return thread


def test_a_worker_gets_its_functions_variables_and_is_heard_to_its_end(
    attachment: Attachment, trust: Path
) -> None:
    program = (
        "import os, sys; print(os.environ['QUEUE_URL'], os.environ['PATH'] != '/of/the/runner');"
        "print(open(os.environ['AWS_CA_BUNDLE']).read()); sys.exit(3)"
    )
    spawned = Spawned(attachment, trust, QUEUE_URL="https://queue")
    container(attachment, program)
    assert spawned.status() == 3
    assert spawned.printed() == "https://queue True\na certificate\n"


def test_a_worker_that_is_killed_ends_in_its_container(attachment: Attachment, trust: Path) -> None:
    thread = container(attachment, "import time; print('up'); time.sleep(60)")
    spawned = Spawned(attachment, trust)
    with os.fdopen(os.dup(spawned.output)) as lines:
        assert lines.readline() == "up\n"
    attachment.kill("w")
    assert spawned.status() == KILLED
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_container_that_is_stopped_ends_with_its_worker_at_once(
    attachment: Attachment, trust: Path
) -> None:
    """Else it lives for the ten seconds after which Docker kills it."""
    script = (
        "import sys; from pathlib import Path; from local.containers import attach;"
        f"attach.ADDRESS = ('127.0.0.1', {attachment.port});"
        f"attach.TRUST = Path({str(trust.parent / 'container/ca.pem')!r}); attach.main()"
    )
    worker = "import time; print('up', flush=True); time.sleep(60)"
    stopped = subprocess.Popen(
        [sys.executable, "-c", script, sys.executable, "-c", worker],
        env={**os.environ, "SERVICE": "one"},
        stdout=subprocess.DEVNULL,
    )
    spawned = Spawned(attachment, trust)
    with os.fdopen(os.dup(spawned.output)) as lines:
        assert lines.readline() == "up\n"
    stopped.terminate()
    assert stopped.wait(PATIENCE) == 0
    assert spawned.status() == KILLED


def test_a_worker_that_is_killed_before_there_is_a_container_ends_too(
    attachment: Attachment, trust: Path
) -> None:
    spawned = Spawned(attachment, trust)
    attachment.kill("w")
    assert spawned.status() == KILLED


def test_a_container_that_went_away_is_passed_over(attachment: Attachment, trust: Path) -> None:
    with socket.create_connection(("127.0.0.1", attachment.port)) as gone:
        gone.sendall(b'{"service": "one"}\n')
    container(attachment, "print('here')")
    spawned = Spawned(attachment, trust)
    assert spawned.status() == 0
    assert spawned.printed() == "here\n"


def test_a_container_of_another_service_is_not_taken(attachment: Attachment, trust: Path) -> None:
    spawned = Spawned(attachment, trust, SERVICE="two")
    container(attachment, "print('one')")
    attachment.kill("w")
    assert spawned.status() == KILLED
    assert spawned.printed() == ""
