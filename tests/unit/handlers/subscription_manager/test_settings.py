"""The manager's environment: read whole, or refused by the name of the variable."""

import json

import pytest

from handlers.common.errors import SettingsError
from handlers.subscription_manager.settings import manager_settings
from tests.unit.handlers.subscription_manager.services import PAYMENTS, RULES

ENVIRONMENT = {
    "ENVIRONMENT": "dev",
    "CIRCUIT_TABLE": "circuit",
    "LEDGER_TABLE": "ledger",
    "NOTIFICATIONS_TOPIC_ARN": "arn:aws:sns:us-east-2:123456789012:notifications",
    "QUEUE_RETENTION": "1209600",
}


def environment(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    managed = {name: getattr(PAYMENTS, name) for name in PAYMENTS.__struct_fields__}
    rules = {name: getattr(RULES, name) for name in RULES.__struct_fields__}
    values = {**ENVIRONMENT, "CIRCUIT": json.dumps(rules)}
    for key, value in values.items():
        monkeypatch.setenv(key, value)
    monkeypatch.setenv("MANAGED_FUNCTIONS", json.dumps([{**managed, **changes}]))


def test_the_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)

    settings = manager_settings()

    assert settings.managed == (PAYMENTS,)
    assert settings.rules == RULES
    assert settings.queue_retention == 1209600


@pytest.mark.parametrize(
    "wrong", [{"concurrency": 1}, {"concurrency": 1001}, {"timeout": 901}, {"function": None}]
)
def test_a_wrong_service_is_refused_by_the_name_of_the_variable(
    wrong: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(monkeypatch, **wrong)

    with pytest.raises(SettingsError, match="MANAGED_FUNCTIONS"):
        manager_settings()


def test_what_a_newer_program_says_of_a_service_keeps_no_older_image_from_starting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment(monkeypatch, colour="red")

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
