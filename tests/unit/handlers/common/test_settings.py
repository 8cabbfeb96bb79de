import json
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import asdict

from handlers.common import settings
from handlers.common.circuit.machine import Rules
from handlers.common.errors import SettingsError
from handlers.common.settings import worker_settings
from tests.unit.handlers.rules import FIRST_FAILURE

WORKER = {
    "ENVIRONMENT": "dev",
    "SERVICE": "payment-processing",
    "LEDGER_TABLE": "ledger",
    "FINGERPRINT_KEY": "alias/fingerprints",
    "CIRCUIT_TABLE": "circuit",
    "CIRCUIT": json.dumps(asdict(FIRST_FAILURE)),
    "QUEUE_URL": "https://sqs/q.fifo",
    "DEAD_LETTER_QUEUE_URL": "https://sqs/d.fifo",
    "CONTROL_TOPIC_ARN": "arn:control",
    "OUTCOMES_TOPIC_ARN": "arn:outcomes.fifo",
    "BANK_URL": "https://bank.example",
    "BANK_API_KEY_SECRET": "secret",
    "BANK_CONNECT_TIMEOUT": "0.5",
    "BANK_READ_TIMEOUT": "10",
    "BANK_KEY_MEMORY": "86400",
    "MAX_ATTEMPTS": "5",
    "RETRY_BACKOFF": "5",
    "RETRY_BACKOFF_CAP": "900",
    "LEDGER_RETENTION": "7776000",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in WORKER.items():
        monkeypatch.setenv(key, value)


def circuit(**changes: object) -> str:
    return json.dumps(asdict(FIRST_FAILURE) | changes)


def test_a_workers_environment_is_read_as_it_stands() -> None:
    read = worker_settings()
    assert read.bank_connect_timeout == 0.5
    assert read.max_attempts == 5
    assert read.rules == FIRST_FAILURE


@pytest.mark.parametrize("key", sorted(WORKER))
@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str | None
) -> None:
    if value is None:
        monkeypatch.delenv(key)
    else:
        monkeypatch.setenv(key, value)
    with pytest.raises(SettingsError, match=key):
        worker_settings()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("BANK_READ_TIMEOUT", "0"),
        ("BANK_READ_TIMEOUT", "-1"),
        ("BANK_READ_TIMEOUT", "nan"),
        ("BANK_READ_TIMEOUT", "inf"),
        ("BANK_READ_TIMEOUT", "ten"),
        ("MAX_ATTEMPTS", "0"),
        ("MAX_ATTEMPTS", "1.5"),
        ("MAX_ATTEMPTS", "-1"),
        ("BANK_URL", "bank.example"),
        ("BANK_URL", "http://bank.example"),
        ("BANK_URL", "http://127.0.0.1.example"),
        ("BANK_URL", "https://"),
        ("BANK_URL", "ftp://bank.example"),
        ("CIRCUIT", "{}"),
        ("CIRCUIT", "no JSON"),
        *(("CIRCUIT", circuit(**{rule: 0})) for rule in Rules.__struct_fields__),
        ("CIRCUIT", circuit(turn="60")),
        ("CIRCUIT", circuit(failure_rate=1.1)),
        ("CIRCUIT", circuit(slow_call_rate=-0.5)),
        ("CIRCUIT", circuit(cool_down=2000)),
        ("CIRCUIT", circuit().replace("turn", "trun")),
    ],
)
def test_a_wrong_value_is_told_with_its_key_and_rule(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    monkeypatch.setenv(key, value)
    with pytest.raises(SettingsError) as wrong:
        worker_settings()
    assert wrong.value.key == key
    assert repr(value) in str(wrong.value)
    assert wrong.value.rule


def test_a_rule_of_a_newer_program_keeps_no_older_image_from_starting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """AWS's provider updates a function's variables first, and its image after that."""
    monkeypatch.setenv("CIRCUIT", circuit(a_newer_rule=3))
    assert worker_settings().rules == FIRST_FAILURE


@pytest.mark.parametrize("value", ["http://127.0.0.1:8600", "http://localhost", "https://bank"])
def test_plain_http_reaches_this_machine_only(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BANK_URL", value)
    assert worker_settings().bank_url == value


@pytest.mark.parametrize(("value", "number"), [("100", Decimal(100)), ("0.025", Decimal("0.025"))])
def test_an_amount_is_a_decimal(
    monkeypatch: pytest.MonkeyPatch, value: str, number: Decimal
) -> None:
    monkeypatch.setenv("FEE", value)
    assert settings.decimal("FEE") == number


@pytest.mark.parametrize("value", ["-1", "NaN", "Infinity", "2.5 %"])
def test_an_amount_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FEE", value)
    with pytest.raises(SettingsError, match="FEE"):
        settings.decimal("FEE")


@pytest.mark.parametrize("value", ["Reject", "no"])
def test_a_word_is_one_of_its_choices(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("CHOICE", value)
    with pytest.raises(SettingsError, match="reject, wait"):
        settings.one_of("CHOICE", "reject", "wait")


def test_a_default_stands_in_for_what_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ABSENT", raising=False)
    read: Any = settings.text("ABSENT", "default")
    assert read == "default"
