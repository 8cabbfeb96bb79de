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


def served() -> bool:
    return not any("process_request" in thread.name for thread in threading.enumerate())


def test_a_worker_that_is_killed_within_a_request_is_no_news(
    address: tuple[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(b"GET /whatever HTTP/1.1\r\nHost:")
        while served():
            time.sleep(0.01)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    end = time.monotonic() + PATIENCE
    while not served() and time.monotonic() < end:
        time.sleep(0.01)
    assert served()
    assert capsys.readouterr().err == ""
