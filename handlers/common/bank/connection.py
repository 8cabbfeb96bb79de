"""Connections to the bank that tell what surely never left from what may have been booked.

urllib3 reports a broken handshake and a connection that breaks under an answer by the same errors.
Only the first is harmless: nothing was sent yet.
"""

import urllib3
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError


class _Connection(HTTPSConnection):
    """Whatever fails before the connection stands is a connection that there is not."""

    def connect(self) -> None:
        try:
            super().connect()
        except (HTTPError, OSError) as error:
            raise NewConnectionError(self, type(error).__name__) from error


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection  # pyright: ignore[reportAssignmentType] - as urllib3 does itself


def connections(connect_timeout: float, read_timeout: float) -> urllib3.PoolManager:
    """Pooled connections without retries; times are seconds.

    What their requests raise: NewConnectionError or ConnectTimeoutError where nothing was sent,
    any other HTTPError where it may have been.
    """
    http = urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=connect_timeout, read=read_timeout), retries=False
    )
    http.pool_classes_by_scheme = {"http": HTTPConnectionPool, "https": _Pool}
    return http
