"""What an answer of the bank means.

It is read from the status, and from codes that the bank's API lists; never from words in its text.
Nothing that the bank writes gets into an error but a code of harmless form.
"""

import re
import time
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import msgspec
import urllib3

from handlers.common.errors import BankRejection, BankUnavailable, Misconfigured, ServiceError

REJECTED = {400, 402, 422}
UNAVAILABLE = {408, 425, 429}
BUSINESS_CODES = {"account_not_found", "account_closed", "insufficient_funds", "limit_exceeded"}
"""A bank's no to the customer, under whatever other 4xx it comes."""

KEY_REUSED = "idempotency_key_reused"
"""The bank knows this key with another body."""

HARMLESS_CODE = re.compile(r"(?!.*[0-9]{4})[A-Za-z][A-Za-z0-9_.-]{0,63}", re.ASCII)
"""A code goes into logs and outcomes, so it must not be able to hold an account number."""

MAX_REFERENCE = 128
FOR_EVER = 1e9
"""Seconds. Whatever is longer means the same; digits enough make a number that JSON cannot hold."""


class Answer(msgspec.Struct, frozen=True):
    """What of an HTTP answer is used."""

    status: int
    fields: dict[str, Any]
    retry_after: float | None

    @property
    def code(self) -> str:
        """The bank's code, if it is one; empty otherwise."""
        code = self.fields.get("code")
        return code if isinstance(code, str) and HARMLESS_CODE.fullmatch(code) else ""

    @property
    def reference(self) -> str | None:
        """The bank's reference, bounded."""
        reference = self.fields.get("reference")
        return str(reference)[:MAX_REFERENCE] if isinstance(reference, str | int) else None


def answer_of(answer: urllib3.BaseHTTPResponse) -> Answer:
    """What of it is used; a body that is no JSON object has no fields."""
    retry_after = _retry_after(answer.headers.get("Retry-After"))
    return Answer(answer.status, _fields(answer.data), retry_after)


def well(answer: Answer) -> bool:
    """Whether the bank did what it was asked for."""
    return 200 <= answer.status < 300  # noqa: PLR2004 - HTTP's own numbers


def rejection(answer: Answer) -> ServiceError | None:
    """The customer's no, if it is one. A full bank (429) is none, whatever its code says."""
    listed = 400 <= answer.status < 500 and answer.code in BUSINESS_CODES  # noqa: PLR2004 - HTTP's
    if answer.status in REJECTED or (listed and answer.status not in UNAVAILABLE):
        code = answer.code or f"bank_{answer.status}"
        return BankRejection(code, f"the bank answered {answer.status}")
    return None


def failure(answer: Answer) -> ServiceError:
    """What any other answer means: the bank is not well, or we ask wrongly."""
    status, text = answer.status, f"the bank answered {answer.status}"
    if status >= 500 or status in UNAVAILABLE or status == HTTPStatus.CONFLICT:  # noqa: PLR2004 - HTTP's own
        return BankUnavailable(text, answer.retry_after, sent=True, status=status)
    return Misconfigured(text)


def _retry_after(value: str | None) -> float | None:
    """Seconds from now, from a number or a date; None where there is none to understand.

    https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
    """
    text = (value or "").strip()
    if text.isascii() and text.isdecimal():
        return min(float(text), FOR_EVER)
    try:
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def _fields(data: bytes) -> dict[str, Any]:
    try:
        fields = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}
