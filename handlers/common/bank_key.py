"""The bank's API key, from Secrets Manager, kept for a while and never written anywhere."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from handlers.common.aws import aws_errors

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

LIFETIME = 300.0
"""Seconds. A rotated key is noticed at once by the bank's 401 anyway."""

RENEWAL_PAUSE = 1.0
"""Seconds between two looks after refusals, so that a wrong key costs no storm of reads."""


class BankKey:
    """The key with a lifetime. All reads raise AwsUnavailable where Secrets Manager fails."""

    def __init__(
        self,
        client: "SecretsManagerClient",
        secret: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._secret, self._clock = client, secret, clock
        self._value = ""
        self._read_at = float("-inf")

    def value(self) -> str:
        """The key, at most LIFETIME old."""
        if self._clock() - self._read_at > LIFETIME:
            self._read()
        return self._value

    def renewed(self, refused: str) -> bool:
        """Whether there is another key than the one that the bank just refused."""
        if self._value == refused and self._clock() - self._read_at > RENEWAL_PAUSE:
            self._read()
        return self._value != refused

    def forget(self) -> None:
        """Reads anew next time; a probe does so, for the key may be what broke."""
        self._read_at = float("-inf")

    def _read(self) -> None:
        with aws_errors("reading the bank's key"):
            answer = self._client.get_secret_value(SecretId=self._secret)
        self._value = answer["SecretString"]
        self._read_at = self._clock()
