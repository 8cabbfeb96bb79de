"""Connections to the bank that tell what surely never left from what may have been booked.

urllib3 reports a broken handshake and a connection that breaks under an answer by the same errors.
Only the first is harmless: nothing was sent yet.

And it gives each piece of an answer the whole read timeout: one that comes in drops would outlast
the function. Here the answer has it once.
"""

import io
import time
from http.client import HTTPResponse
from socket import socket
from typing import TYPE_CHECKING

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class _Until(io.RawIOBase):
    """What a socket receives within its timeout as it is now, counted from now."""

    def __init__(self, receiving: socket, raw: io.RawIOBase) -> None:
        self._socket, self._raw = receiving, raw
        self._end = time.monotonic() + (receiving.gettimeout() or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(HTTPResponse):
    def __init__(self, sock: socket, debuglevel: int = 0, method: str | None = None) -> None:
        super().__init__(sock, debuglevel, method)
        self.fp = io.BufferedReader(_Until(sock, self.fp.detach()))


class _Connection(HTTPConnection):
    response_class = _Answer


class _SecureConnection(HTTPSConnection):
    """Whatever fails before the connection stands is a connection that there is not."""

    response_class = _Answer

    def connect(self) -> None:
        try:
            super().connect()
        except (HTTPError, OSError) as error:
            raise NewConnectionError(self, type(error).__name__) from error


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection  # pyright: ignore[reportAssignmentType] - as urllib3 does itself


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection  # pyright: ignore[reportAssignmentType] - as urllib3 does itself


def connections(connect_timeout: float, read_timeout: float) -> urllib3.PoolManager:
    """Pooled connections without retries; times are seconds.

    What their requests raise: NewConnectionError or ConnectTimeoutError where nothing was sent,
    any other HTTPError where it may have been.
    """
    http = urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=connect_timeout, read=read_timeout), retries=False
    )
    own = {"http": _Pool, "https": _SecurePool}
    http.pool_classes_by_scheme = {**http.pool_classes_by_scheme, **own}
    return http
