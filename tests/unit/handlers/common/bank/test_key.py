"""The bank's key: when it is read, when anew, and what becomes of it where that fails."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from handlers.common.bank.key import LIFETIME, BankKey
from handlers.common.errors import AwsRefused, AwsUnavailable, Misconfigured


class Secrets:
    def __init__(self, answer: dict[str, Any] | Exception) -> None:
        self.answer, self.reads = answer, 0

    def get_secret_value(self, SecretId: str) -> dict[str, Any]:  # noqa: N803 - AWS's own
        del SecretId
        self.reads += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def key_of(secrets: Secrets, now: list[float]) -> BankKey:
    client: Any = secrets
    return BankKey(client, "secret", lambda: now[0])


def test_the_key_is_read_once_in_its_lifetime() -> None:
    secrets, now = Secrets({"SecretString": "key-1"}), [0.0]
    key = key_of(secrets, now)
    for now[0] in (0.0, LIFETIME):
        assert key.value() == "key-1"
    assert secrets.reads == 1
    now[0] = LIFETIME + 1
    key.value()
    assert secrets.reads == 2


def test_a_forgotten_key_is_read_anew() -> None:
    secrets = Secrets({"SecretString": "key-1"})
    key = key_of(secrets, [0.0])
    key.value()
    key.forget()
    key.value()
    assert secrets.reads == 2


def test_a_refused_key_is_renewed_only_if_there_is_another() -> None:
    secrets = Secrets({"SecretString": "key-1"})
    key = key_of(secrets, [0.0])
    assert not key.renewed(key.value())
    secrets.answer = {"SecretString": "key-2"}
    assert key.renewed("key-1")
    assert key.value() == "key-2"


def test_a_line_feed_at_the_end_belongs_to_no_key() -> None:
    assert key_of(Secrets({"SecretString": " key-1\n"}), [0.0]).value() == "key-1"


@pytest.mark.parametrize(
    "answer",
    [{}, {"SecretString": ""}, {"SecretString": "two\nlines"}, {"SecretString": "schlüssel"}],
)
def test_a_secret_that_no_header_can_carry_is_misconfigured_and_not_quoted(
    answer: dict[str, str],
) -> None:
    with pytest.raises(Misconfigured) as failing:
        key_of(Secrets(answer), [0.0]).value()
    assert (answer.get("SecretString") or "lines") not in str(failing.value)


@pytest.mark.parametrize("code", ["InternalServiceError", "ResourceNotFoundException"])
def test_secrets_manager_failing_is_awss_fault_and_so_is_a_secret_without_a_value(
    code: str,
) -> None:
    error = ClientError({"Error": {"Code": code}}, "GetSecretValue")
    with pytest.raises(AwsUnavailable, match=code) as failing:
        key_of(Secrets(error), [0.0]).value()
    assert not isinstance(failing.value, AwsRefused)


def test_a_key_that_is_known_outlives_a_failure_of_secrets_manager() -> None:
    """The bank itself says when it is over."""
    secrets, now = Secrets({"SecretString": "key-1"}), [0.0]
    key = key_of(secrets, now)
    key.value()
    secrets.answer = ClientError({"Error": {"Code": "InternalServiceError"}}, "GetSecretValue")
    for _ in range(3):
        now[0] += LIFETIME + 1
        assert [key.value(), key.value()] == ["key-1", "key-1"]
    assert secrets.reads == 1 + 3
    with pytest.raises(AwsUnavailable):
        key.renewed("key-1")
