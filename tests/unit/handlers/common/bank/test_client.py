"""What is sent to the bank, and what is known when no answer comes."""

import json
import socket

import pytest

from handlers.common.bank.client import IDLE, HttpBank, Inquiry, Memory
from handlers.common.errors import BankUnavailable, Misconfigured
from tests.unit.handlers.common.bank.scripted_bank import (
    KEY,
    REQUEST,
    Script,
    Secrets,
    answers,
    bank_at,
    hang_up,
)


def test_a_call_carries_key_authorization_correlation_and_body(
    bank: HttpBank, script: Script
) -> None:
    answers(script, 201, {"reference": "r-1"})
    assert bank.call(REQUEST, KEY) == "r-1"
    ((method, path, headers, body),) = script.seen
    assert (method, path, json.loads(body)) == ("POST", "/v1/payments", {"customer_id": "c1"})
    assert headers["Idempotency-Key"] == KEY
    assert headers["Authorization"] == "Bearer key-1"
    assert headers["X-Correlation-Id"] == "corr"


def test_a_connection_that_is_cut_may_have_booked(bank: HttpBank, script: Script) -> None:
    script.answers.append(None)
    with pytest.raises(BankUnavailable) as failing:
        bank.call(REQUEST, KEY)
    assert failing.value.sent
    assert failing.value.status is None


def test_an_answer_that_does_not_come_in_time_may_have_booked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        bank = bank_at(f"http://127.0.0.1:{silent.getsockname()[1]}", read_timeout=0.05)
        with pytest.raises(BankUnavailable) as failing:
            bank.call(REQUEST, KEY)
        hang_up(bank)
    assert failing.value.sent


def test_a_refused_connection_has_surely_booked_nothing() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(BankUnavailable) as failing:
            bank_at(f"http://127.0.0.1:{free.getsockname()[1]}").call(REQUEST, KEY)
    assert not failing.value.sent


def test_a_connection_is_used_again_but_not_after_a_long_rest(server: str, script: Script) -> None:
    now = [0.0]
    bank = bank_at(server, clock=lambda: now[0])
    for wait in (0, IDLE, IDLE + 1):
        now[0] += wait
        answers(script, 201)
        bank.call(REQUEST, KEY)
    hang_up(bank)
    assert script.connections == 2


@pytest.mark.parametrize(
    ("status", "content", "memory"),
    [
        (200, {"status": "booked", "reference": "r"}, Inquiry(Memory.BOOKED, "r")),
        (404, {"code": "not_booked"}, Inquiry(Memory.NOT_BOOKED)),
        (410, {"code": "forgotten"}, Inquiry(Memory.FORGOTTEN)),
    ],
)
def test_an_inquiry_tells_what_the_bank_remembers(
    bank: HttpBank, script: Script, status: int, content: object, memory: Inquiry
) -> None:
    answers(script, status, content)
    assert bank.inquire(KEY) == memory
    assert script.seen[0][1] == "/v1/transactions/payment-processing%23m1"


@pytest.mark.parametrize(
    ("status", "content"),
    [(200, {}), (200, b"<html>"), (204, b""), (404, {}), (410, {}), (400, {"code": "invalid"})],
)
def test_an_inquirys_answer_without_the_banks_own_word_is_none(
    bank: HttpBank, script: Script, status: int, content: object
) -> None:
    answers(script, status, content)
    with pytest.raises(Misconfigured):
        bank.inquire(KEY)


def test_a_bank_that_cannot_answer_an_inquiry_is_unavailable(
    bank: HttpBank, script: Script
) -> None:
    answers(script, 503)
    with pytest.raises(BankUnavailable):
        bank.inquire(KEY)


def test_health_is_a_2xx(bank: HttpBank, script: Script) -> None:
    answers(script, 200, {"status": "ok"})
    bank.check_health()


@pytest.mark.parametrize(("status", "error"), [(503, BankUnavailable), (422, Misconfigured)])
def test_any_other_health_is_a_failure(
    bank: HttpBank, script: Script, status: int, error: type[Exception]
) -> None:
    answers(script, status)
    with pytest.raises(error):
        bank.check_health()


@pytest.mark.parametrize("status", [401, 403])
def test_a_rotated_key_is_read_anew_before_the_refusal_counts(
    server: str, script: Script, status: int
) -> None:
    bank = bank_at(server, Secrets("old", "new"))
    answers(script, status)
    answers(script, 201, {"reference": "r"})
    assert bank.call(REQUEST, KEY) == "r"
    hang_up(bank)
    assert [headers["Authorization"] for _, _, headers, _ in script.seen] == [
        "Bearer old",
        "Bearer new",
    ]


def test_a_key_that_is_wrong_is_tried_once(server: str, script: Script) -> None:
    secrets = Secrets("wrong")
    bank = bank_at(server, secrets)
    answers(script, 401)
    with pytest.raises(Misconfigured):
        bank.call(REQUEST, KEY)
    hang_up(bank)
    assert (len(script.seen), secrets.reads) == (1, 2)
