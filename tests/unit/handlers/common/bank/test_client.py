"""The bank's answers, over real HTTP where the connection is what matters."""

import json
import socket
import threading
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import time
from typing import Any

import pytest

from handlers.common.bank.answers import FOR_EVER, MAX_REFERENCE
from handlers.common.bank.client import IDLE, BankRequest, HttpBank, Inquiry, Memory
from handlers.common.bank.key import BankKey
from handlers.common.errors import BankRejection, BankUnavailable, Misconfigured
from handlers.common.telemetry.tally import tally
from handlers.common.telemetry.tracing import Call

REQUEST = BankRequest("/v1/payments", {"customer_id": "c1"}, {"X-Correlation-Id": "corr"})
KEY = "payment-processing#m1"


class Script:
    """What the server answers, in order; an int waits so many seconds, None cuts."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.connections = 0


class Secrets:
    """Secrets Manager: the last of its keys again and again."""

    def __init__(self, *keys: str) -> None:
        self.keys = list(keys)
        self.reads = 0

    def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803 - AWS's own
        assert SecretId == "secret"
        self.reads += 1
        return {"SecretString": self.keys.pop(0) if len(self.keys) > 1 else self.keys[0]}


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def server(script: Script) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            script.connections += 1
            super().setup()

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            script.seen.append((self.command, self.path, dict(self.headers), body))
            scripted = script.answers.pop(0)
            if scripted is None:
                self.close_connection = True
                return
            status, content, headers = scripted
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = answer  # noqa: N815 - the names that the base class looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def bank_at(url: str, secrets: Secrets | None = None, **settings: Any) -> HttpBank:  # noqa: ANN401 - passed on
    client: Any = secrets or Secrets("key-1")
    timeouts: dict[str, Any] = {"connect_timeout": 0.5, "read_timeout": 0.5}
    return HttpBank(url, BankKey(client, "secret"), **timeouts | settings)


def hang_up(bank: HttpBank) -> None:
    vars(bank)["_http"].clear()


@pytest.fixture
def bank(server: str) -> Iterator[HttpBank]:
    bank = bank_at(server)
    yield bank
    hang_up(bank)


def answers(script: Script, status: int, content: object = None, **headers: str) -> None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    script.answers.append((status, content if content is not None else {}, named))


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


def test_each_request_is_measured(bank: HttpBank, script: Script) -> None:
    answers(script, 201)
    bank.call(REQUEST, KEY)
    answers(script, 503)
    script.answers.append(None)
    for _ in range(2):
        with pytest.raises(BankUnavailable):
            bank.call(REQUEST, KEY)
    assert dict(tally.counts) == {"BankStatus2xx": 1, "BankStatus5xx": 1, "BankStatusNone": 1}
    assert len(tally.times["BankLatency"]) == 3


def test_each_request_is_told_to_the_trace(
    bank: HttpBank, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Call] = []
    monkeypatch.setattr("handlers.common.bank.client.trace", told.append)
    answers(script, 503)
    script.answers.append(None)
    for _ in range(2):
        with pytest.raises(BankUnavailable):
            bank.call(REQUEST, KEY)
    assert [call.status for call in told] == [503, None]
    assert {(call.name, call.method, call.correlation_id) for call in told} == {
        ("bank", "POST", "corr")
    }
    assert all(call.url.endswith("/v1/payments") and call.seconds > 0 for call in told)


def test_a_trace_tells_neither_bank_details_nor_the_api_key(
    bank: HttpBank, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = "98765432101234567"
    told: list[Call] = []
    monkeypatch.setattr("handlers.common.bank.client.trace", told.append)
    answers(script, 422, {"code": "unknown_account", "message": f"no account {number}"})
    details = {"account_number": number, "routing_number": "021000021"}
    with pytest.raises(BankRejection):
        bank.call(BankRequest("/v1/bank-accounts", details), KEY)
    assert len(told) == 1
    assert not [secret for secret in (number, "021000021", "key-1") if secret in str(told)]
