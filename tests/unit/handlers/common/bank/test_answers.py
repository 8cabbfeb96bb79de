"""What the bank's status and code mean."""

from email.utils import formatdate
from time import time

import pytest

from handlers.common.bank.answers import FOR_EVER, MAX_REFERENCE
from handlers.common.bank.client import HttpBank
from handlers.common.errors import BankRejection, BankUnavailable, Misconfigured
from tests.unit.handlers.common.bank.scripted_bank import KEY, REQUEST, Script, answers


@pytest.mark.parametrize(
    ("content", "reference"),
    [
        ({"reference": 7}, "7"),
        ({"reference": "x" * 500}, "x" * MAX_REFERENCE),
        ({"reference": {"no": "text"}}, None),
        ({}, None),
        ([], None),
        (b"<html>", None),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_any_2xx_is_a_yes_with_the_reference_that_can_be_read(
    bank: HttpBank, script: Script, content: object, reference: str | None
) -> None:
    answers(script, 200, content)
    assert bank.call(REQUEST, KEY) == reference


@pytest.mark.parametrize(
    ("status", "content", "code"),
    [
        (400, {"code": "invalid"}, "invalid"),
        (400, {}, "bank_400"),
        (402, b"no JSON", "bank_402"),
        (422, {"code": "idempotency_key_reused"}, "idempotency_key_reused"),
        (404, {"code": "account_not_found"}, "account_not_found"),
        (409, {"code": "account_closed"}, "account_closed"),
        (422, {"code": "account_98765432_unknown"}, "bank_422"),
        (422, {"code": "no code, a sentence"}, "bank_422"),
        (422, {"code": 12345678}, "bank_422"),
    ],
)
def test_a_no_to_the_customer_is_a_rejection_and_its_code_holds_no_number(
    bank: HttpBank, script: Script, status: int, content: object, code: str
) -> None:
    answers(script, status, content)
    with pytest.raises(BankRejection) as no:
        bank.call(REQUEST, KEY)
    assert no.value.code == code


BUSY = [408, 409, 425, 429, 500, 502, 503, 504, 599]


@pytest.mark.parametrize(
    ("status", "code"),
    [(status, "in_flight") for status in BUSY]
    + [(status, "limit_exceeded") for status in BUSY if status != 409],
)
def test_a_bank_that_cannot_now_is_unavailable_whatever_its_code_says(
    bank: HttpBank, script: Script, status: int, code: str
) -> None:
    answers(script, status, {"code": code})
    with pytest.raises(BankUnavailable) as failing:
        bank.call(REQUEST, KEY)
    assert failing.value.sent
    assert failing.value.status == status
    assert failing.value.about_the_message is (status >= 500)


@pytest.mark.parametrize("status", [301, 302, 304, 307, 401, 403, 404, 405, 406, 410, 413])
def test_a_bank_that_refuses_us_is_misconfigured(
    bank: HttpBank, script: Script, status: int
) -> None:
    for _ in range(2):
        answers(script, status, {"code": "whatever"}, Location="/elsewhere")
    with pytest.raises(Misconfigured) as failing:
        bank.call(REQUEST, KEY)
    assert not failing.value.sent


def in_seconds(seconds: float) -> str:
    return formatdate(time() + seconds, usegmt=True)


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        ("7", 7, 7),
        (" 120 ", 120, 120),
        (600, 500, 601),
        (-600, 0, 0),
        ("9" * 400, FOR_EVER, FOR_EVER),
    ],
    ids=["seconds", "padded", "a date to come", "a date that is past", "for ever"],
)
def test_retry_after_is_seconds_or_a_date(
    bank: HttpBank, script: Script, value: str | int, least: float, most: float
) -> None:
    answers(script, 503, Retry_After=value if isinstance(value, str) else in_seconds(value))
    with pytest.raises(BankUnavailable) as failing:
        bank.call(REQUEST, KEY)
    assert failing.value.delay is not None
    assert least <= failing.value.delay <= most


@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "Mon, 99 Foo 2026 00:00:00 GMT"])
def test_a_retry_after_that_nobody_understands_is_none(
    bank: HttpBank, script: Script, value: str
) -> None:
    answers(script, 503, Retry_After=value)
    with pytest.raises(BankUnavailable) as failing:
        bank.call(REQUEST, KEY)
    assert failing.value.delay is None
