"""The environment of a function, read and validated once at start.

Each reader raises SettingsError, which names the variable, its value and the rule.
"""

import os
from decimal import Decimal, InvalidOperation
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from handlers.common.circuit.rules import Rules
from handlers.common.errors import SettingsError

T = TypeVar("T")
INF = float("inf")


def text(key: str, default: str | None = None) -> str:
    """A variable that is not empty."""
    value = os.environ.get(key) or default
    if not value:
        raise SettingsError(key, os.environ.get(key), "it must be set and not be empty")
    return value


def seconds(key: str) -> float:
    """A time in seconds, above zero; decimals are allowed."""
    value = text(key)
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not 0 < number < INF:
        raise SettingsError(key, value, "it must be a number of seconds above 0")
    return number


def whole(key: str, least: int = 1) -> int:
    """A whole number of at least `least`."""
    value = text(key)
    if not value.isdecimal() or int(value) < least:
        raise SettingsError(key, value, f"it must be a whole number of at least {least}")
    return int(value)


def decimal(key: str) -> Decimal:
    """An amount or a rate, not negative, never a float."""
    value = text(key)
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise SettingsError(key, value, "it must be a decimal number of at least 0")
    return number


def url(key: str) -> str:
    """An HTTPS address; plain HTTP carries the bank's key for everyone to read.

    It is allowed to the machine itself, where the local system has its bank.
    """
    value = text(key)
    parts = urlsplit(value)
    inside = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or not (parts.scheme == "https" or inside):
        raise SettingsError(key, value, "it must be an https address")
    return value


def one_of(key: str, *choices: str) -> str:
    """One of a few words."""
    value = text(key)
    if value not in choices:
        raise SettingsError(key, value, f"it must be one of {', '.join(choices)}")
    return value


def decoded(key: str, kind: type[T]) -> T:
    """A JSON value of the given type."""
    value = text(key)
    try:
        return msgspec.json.decode(value, type=kind)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise SettingsError(key, value, f"it must be JSON of {kind}: {error}") from error


def rules(key: str) -> Rules:
    """The circuit's rules: all above zero, rates at most 1, the cool-down not above its cap."""
    found = decoded(key, Rules)
    wrong = [name for name, value in msgspec.structs.asdict(found).items() if not 0 < value < INF]
    wrong += [name for name in ("failure_rate", "slow_call_rate") if getattr(found, name) > 1]
    if wrong:
        raise SettingsError(key, text(key), f"not a value that fits: {', '.join(sorted(wrong))}")
    if found.cool_down > found.cool_down_cap:
        raise SettingsError(key, text(key), "cool_down must not be above cool_down_cap")
    return found


class WorkerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What every worker needs. Times are seconds."""

    environment: str
    service: str
    ledger_table: str
    fingerprint_key: str
    circuit_table: str
    rules: Rules
    queue_url: str
    dead_letter_queue_url: str
    control_topic_arn: str
    outcomes_topic_arn: str
    bank_url: str
    bank_api_key_secret: str
    bank_connect_timeout: float
    bank_read_timeout: float
    bank_key_memory: float
    max_attempts: int
    retry_backoff: float
    retry_backoff_cap: float
    ledger_retention: float


def worker_settings() -> WorkerSettings:
    """The settings of a worker, from the environment of its function."""
    return WorkerSettings(
        environment=text("ENVIRONMENT"),
        service=text("SERVICE"),
        ledger_table=text("LEDGER_TABLE"),
        fingerprint_key=text("FINGERPRINT_KEY"),
        circuit_table=text("CIRCUIT_TABLE"),
        rules=rules("CIRCUIT"),
        queue_url=text("QUEUE_URL"),
        dead_letter_queue_url=text("DEAD_LETTER_QUEUE_URL"),
        control_topic_arn=text("CONTROL_TOPIC_ARN"),
        outcomes_topic_arn=text("OUTCOMES_TOPIC_ARN"),
        bank_url=url("BANK_URL"),
        bank_api_key_secret=text("BANK_API_KEY_SECRET"),
        bank_connect_timeout=seconds("BANK_CONNECT_TIMEOUT"),
        bank_read_timeout=seconds("BANK_READ_TIMEOUT"),
        bank_key_memory=seconds("BANK_KEY_MEMORY"),
        max_attempts=whole("MAX_ATTEMPTS"),
        retry_backoff=seconds("RETRY_BACKOFF"),
        retry_backoff_cap=seconds("RETRY_BACKOFF_CAP"),
        ledger_retention=seconds("LEDGER_RETENTION"),
    )
