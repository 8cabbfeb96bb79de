"""The bank behind HTTP: one call, one inquiry by key, one look at its health.

What an answer means is read from its status, never from words in its text.
"""

import json
import time
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import quote

import msgspec
import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from handlers.common.bank_key import BankKey
from handlers.common.errors import BankRejection, BankUnavailable, Misconfigured

REJECTED = {400, 402, 422}
UNAVAILABLE = {408, 425, 429}
BUSINESS_CODES = {"account_not_found", "account_closed", "insufficient_funds", "limit_exceeded"}
"""A bank's no to the customer, whatever status it comes with."""


class BankRequest(msgspec.Struct, frozen=True):
    """What is asked of the bank."""

    path: str
    body: dict[str, Any]


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
    """All methods raise BankUnavailable or Misconfigured; `call` also BankRejection."""

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
    """The bank's HTTP API, with one pooled connection a worker and no retries of its own.

    Args:
        url: Its root, e.g. https://bank.example.
        key: The API key, read anew where the bank refuses it.
        connect_timeout: Seconds.
        read_timeout: Seconds.
    """

    def __init__(
        self, url: str, key: BankKey, *, connect_timeout: float, read_timeout: float
    ) -> None:
        self._url, self._key = url.rstrip("/"), key
        self._http = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=connect_timeout, read=read_timeout), retries=False
        )

    def call(self, request: BankRequest, key: str) -> str | None:
        """See Bank."""
        answer = self._ask("POST", request.path, key=key, body=request.body)
        return _fields(answer).get("reference")

    def inquire(self, key: str) -> Inquiry:
        """See Bank. 404 is an answer here only with the bank's own word for it."""
        path = f"/v1/transactions/{quote(key, safe='')}"
        answer = self._authorized("GET", path, {}, None)
        fields = _fields(answer)
        if answer.status == 200:  # noqa: PLR2004 - HTTP's own numbers
            return Inquiry(Memory.BOOKED, fields.get("reference"))
        if answer.status == 404 and fields.get("code") == Memory.NOT_BOOKED:  # noqa: PLR2004 - the same
            return Inquiry(Memory.NOT_BOOKED)
        if answer.status == 410:  # noqa: PLR2004 - the same
            return Inquiry(Memory.FORGOTTEN)
        _raise_for(answer)
        return Inquiry(Memory.FORGOTTEN)

    def check_health(self) -> None:
        """See Bank."""
        self._ask("GET", "/health")

    def _ask(
        self, method: str, path: str, *, key: str = "", body: dict[str, Any] | None = None
    ) -> urllib3.BaseHTTPResponse:
        headers = {"Idempotency-Key": key} if key else {}
        answer = self._authorized(method, path, headers, body)
        _raise_for(answer)
        return answer

    def _authorized(
        self, method: str, path: str, headers: dict[str, str], body: dict[str, Any] | None
    ) -> urllib3.BaseHTTPResponse:
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
        headers: dict[str, str],
        body: dict[str, Any] | None,
        api_key: str,
    ) -> urllib3.BaseHTTPResponse:
        data = None if body is None else json.dumps(body).encode()
        sent = {**headers, "Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
        try:
            return self._http.request(
                method, self._url + path, body=data, headers=sent, redirect=False
            )
        except (NewConnectionError, ConnectTimeoutError, SSLError) as error:
            raise BankUnavailable(f"no connection: {type(error).__name__}") from None
        except (HTTPError, OSError) as error:
            raise BankUnavailable(f"no answer: {type(error).__name__}", sent=True) from None


def _raise_for(answer: urllib3.BaseHTTPResponse) -> None:
    status, code = answer.status, str(_fields(answer).get("code", ""))
    if 200 <= status < 300:  # noqa: PLR2004 - HTTP's own numbers
        return
    if status in REJECTED or code in BUSINESS_CODES:
        raise BankRejection(code or f"bank_{status}", f"the bank answered {status}")
    if status >= 500 or status in UNAVAILABLE or status == 409:  # noqa: PLR2004 - the same
        raise BankUnavailable(
            f"the bank answered {status}", _retry_after(answer), sent=True, status=status
        )
    raise Misconfigured(f"the bank answered {status}", sent=False)


def _retry_after(answer: urllib3.BaseHTTPResponse) -> float | None:
    """Seconds from now, from a number or a date; None where there is none to understand.

    https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
    """
    value = answer.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        return max(parsedate_to_datetime(value).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def _fields(answer: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    try:
        fields = msgspec.json.decode(answer.data)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}
