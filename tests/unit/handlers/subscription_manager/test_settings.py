"""The manager's environment: read whole, or refused by the name of the variable."""

import json
from collections.abc import Mapping

import pytest

from handlers.common.errors import SettingsError
from handlers.subscription_manager.settings import manager_settings
from tests.unit.handlers.subscription_manager.services import FULL, PAYMENTS, RULES, SETUP

ENVIRONMENT = {
    "ENVIRONMENT": "dev",
    "CIRCUIT_TABLE": "circuit",
    "LEDGER_TABLE": "ledger",
    "NOTIFICATIONS_TOPIC_ARN": "arn:aws:sns:us-east-2:123456789012:notifications",
    "QUEUE_RETENTION": "1209600",
}


NAMES = {
    "function": "fn-{service}",
    "queue": "https://sqs/{service}.fifo",
    "dead_letter_queue": "https://sqs/{service}-dlq.fifo",
    "alarm": "{service}-errors",
}
OWN = {"mapping": "mapping-payments", "concurrency": FULL, "timeout": 30}


def environment(
    monkeypatch: pytest.MonkeyPatch,
    *,
    names: Mapping[str, object] = NAMES,
    services: Mapping[str, object] = {"payments": OWN},
) -> None:
    rules = {name: getattr(RULES, name) for name in RULES.__struct_fields__}
    values = {**ENVIRONMENT, "CIRCUIT": json.dumps(rules)}
    for key, value in values.items():
        monkeypatch.setenv(key, value)
    told = {"names": names, "services": services}
    monkeypatch.setenv("MANAGED_FUNCTIONS", json.dumps(told))


def test_the_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)

    settings = manager_settings()

    assert settings.managed == (PAYMENTS,)
    assert settings.rules == RULES
    assert settings.queue_retention == 1209600


def test_every_service_has_its_own_name_in_the_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    setup = {**OWN, "mapping": "mapping-setup"}
    environment(monkeypatch, services={"payments": OWN, "setup": setup})

    assert manager_settings().managed == (PAYMENTS, SETUP)


@pytest.mark.parametrize(
    "wrong", [{"concurrency": 1}, {"concurrency": 1001}, {"timeout": 901}, {"mapping": None}]
)
def test_a_wrong_service_is_refused_by_the_name_of_the_variable(
    wrong: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(monkeypatch, services={"payments": {**OWN, **wrong}})

    with pytest.raises(SettingsError, match=rf"MANAGED_FUNCTIONS.*\.{next(iter(wrong))}"):
        manager_settings()


@pytest.mark.parametrize("key", NAMES)
@pytest.mark.parametrize("pattern", ["fn-payments", "fn-{srvice}", "fn-{service}-{stack}", "{", ""])
def test_a_pattern_that_no_services_name_alone_completes_is_refused_with_the_rule(
    key: str, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(monkeypatch, names={**NAMES, key: pattern})

    with pytest.raises(SettingsError, match=r"MANAGED_FUNCTIONS.*service.*\$\.names") as refused:
        manager_settings()

    assert json.dumps(pattern) in str(refused.value)
    assert f"$.names.{key}" in str(refused.value)


@pytest.mark.parametrize("key", NAMES)
def test_a_pattern_that_is_missing_is_named(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, names={name: NAMES[name] for name in NAMES if name != key})

    with pytest.raises(SettingsError, match=f"MANAGED_FUNCTIONS.*`{key}`"):
        manager_settings()


@pytest.mark.parametrize(
    "newer",
    [
        {"services": {"payments": {**OWN, "colour": "red"}}},
        {"names": {**NAMES, "log_group": "/aws/lambda/{service}"}},
    ],
)
def test_what_a_newer_program_says_of_a_service_keeps_no_older_image_from_starting(
    newer: dict[str, dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(monkeypatch, **newer)

    assert manager_settings().managed == (PAYMENTS,)


def test_the_manager_takes_no_rules_that_a_worker_would_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment(monkeypatch)
    rules = {name: getattr(RULES, name) for name in RULES.__struct_fields__}
    monkeypatch.setenv("CIRCUIT", json.dumps({**rules, "turn": 0}))

    with pytest.raises(SettingsError, match="turn"):
        manager_settings()


@pytest.mark.parametrize("key", [*ENVIRONMENT, "CIRCUIT", "MANAGED_FUNCTIONS"])
def test_a_missing_variable_is_named(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)
    monkeypatch.delenv(key)

    with pytest.raises(SettingsError, match=key):
        manager_settings()
