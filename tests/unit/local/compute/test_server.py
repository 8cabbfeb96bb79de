import socket
import struct
import threading
import time
from collections.abc import Iterator

import pytest

from local.compute.server import Server

PATIENCE = 10.0
RESET = struct.pack("ii", 1, 0)
"""The linger option with which a close is a reset, as when a process is killed."""


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    server = Server(lambda _: None, lambda _: None, lambda: None)
    host, port = server.address.split(":")
    yield host, int(port)
    server.stop()


def serving() -> set[threading.Thread]:
    """The threads that serve a request, of any server in this process."""
    return {thread for thread in threading.enumerate() if "process_request" in thread.name}


def test_a_worker_that_is_killed_within_a_request_is_no_news(
    address: tuple[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    others = serving()
    with socket.create_connection(address) as connection:
        connection.sendall(b"GET /whatever HTTP/1.1\r\nHost:")
        while not (ours := serving() - others):
            time.sleep(0.01)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    end = time.monotonic() + PATIENCE
    while ours & serving() and time.monotonic() < end:
        time.sleep(0.01)
    assert not ours & serving()
    assert capsys.readouterr().err == ""
