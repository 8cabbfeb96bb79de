"""The bank behind HTTP: one call, one inquiry by key, one look at its health."""

import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import quote

import msgspec
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from handlers.common.bank.answers import Answer, answer_of, failure, rejection, well
from handlers.common.bank.connection import connections
from handlers.common.bank.key import BankKey
from handlers.common.errors import BankUnavailable
from handlers.common.telemetry.tally import tally
from handlers.common.telemetry.tracing import Call, trace

IDLE = 20.0
"""Seconds after which a connection is not used again.

While a function is frozen between two invocations, the other side's goodbye is not heard; the next
call would meet a dead connection and count as a failure of the bank.
"""


class BankRequest(msgspec.Struct, frozen=True):
    """What is asked of the bank. `headers` follow the message: correlation and trace."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str] = {}


class Memory(StrEnum):
    """What the bank remembers of an idempotency key."""

    BOOKED = "booked"
    NOT_BOOKED = "not_booked"
    FORGOTTEN = "forgotten"


class Inquiry(msgspec.Struct, frozen=True):
    """The bank's answer about a key."""

    memory: Memory
    reference: str | None = None


class Bank(Protocol):
    """All methods raise BankUnavailable or Misconfigured; `call` alone raises BankRejection."""

    def call(self, request: BankRequest, key: str) -> str | None:
        """Does it once for this key, and gives the bank's reference."""
        ...

    def inquire(self, key: str) -> Inquiry:
        """Whether something was booked under this key."""
        ...

    def check_health(self) -> None:
        """Returns where the bank says that it is well."""
        ...


class HttpBank:
    """The bank's HTTP API, with pooled connections and no retries of its own.

    Args:
        url: Its root, e.g. https://bank.example.
        key: The API key, read anew where the bank refuses it.
        connect_timeout: Seconds.
        read_timeout: Seconds.
    """

    def __init__(
        self,
        url: str,
        key: BankKey,
        *,
        connect_timeout: float,
        read_timeout: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url, self._key, self._clock = url.rstrip("/"), key, clock
        self._used_at = clock()
        self._http = connections(connect_timeout, read_timeout)

    def call(self, request: BankRequest, key: str) -> str | None:
        """See Bank."""
        headers = {**request.headers, "Idempotency-Key": key}
        answer = self._authorized("POST", request.path, headers, request.body)
        if not well(answer):
            raise rejection(answer) or failure(answer)
        return answer.reference

    def inquire(self, key: str) -> Inquiry:
        """See Bank. A status is an answer here only with the bank's own word for it."""
        answer = self._authorized("GET", f"/v1/transactions/{quote(key, safe='')}", {}, None)
        match answer.status, answer.fields.get("status"), answer.code:
            case HTTPStatus.OK, Memory.BOOKED, _:
                return Inquiry(Memory.BOOKED, answer.reference)
            case HTTPStatus.NOT_FOUND, _, Memory.NOT_BOOKED:
                return Inquiry(Memory.NOT_BOOKED)
            case HTTPStatus.GONE, _, Memory.FORGOTTEN:
                return Inquiry(Memory.FORGOTTEN)
            case _:
                raise failure(answer)

    def check_health(self) -> None:
        """See Bank."""
        answer = self._authorized("GET", "/health", {}, None)
        if not well(answer):
            raise failure(answer)

    def _authorized(
        self, method: str, path: str, headers: Mapping[str, str], body: dict[str, Any] | None
    ) -> Answer:
        """Asks, and once more if the key was rotated since it was read."""
        used = self._key.value()
        answer = self._send(method, path, headers, body, used)
        if answer.status in (401, 403) and self._key.renewed(used):
            answer = self._send(method, path, headers, body, self._key.value())
        return answer

    def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: dict[str, Any] | None,
        api_key: str,
    ) -> Answer:
        if self._clock() - self._used_at > IDLE:
            self._http.clear()
        data = None if body is None else msgspec.json.encode(body)
        sent = {**headers, "Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
        started, status = self._clock(), None
        try:
            answer = self._http.request(
                method, self._url + path, body=data, headers=sent, redirect=False
            )
            status = answer.status
            return answer_of(answer)
        except (NewConnectionError, ConnectTimeoutError) as error:
            why = type(error.__cause__ or error).__name__
            raise BankUnavailable(f"no connection: {why}") from None
        except (HTTPError, OSError) as error:
            raise BankUnavailable(f"no answer: {type(error).__name__}", sent=True) from None
        finally:
            self._used_at = self._clock()
            took = self._used_at - started
            tally.bank(status, took)
            trace(
                Call(
                    name="bank",
                    method=method,
                    url=self._url + path,
                    status=status,
                    seconds=took,
                    correlation_id=headers.get("X-Correlation-Id"),
                )
            )
