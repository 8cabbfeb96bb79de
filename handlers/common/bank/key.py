"""The bank's API key, from Secrets Manager, kept for a while and never written anywhere."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from handlers.common.aws import aws_errors
from handlers.common.errors import AwsUnavailable, Misconfigured

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

LIFETIME = 300.0
"""Seconds. A rotated key is noticed at once by the bank's 401 anyway."""


class BankKey:
    """The key with a lifetime.

    Every method that reads raises Misconfigured where the secret is no text that an HTTP header
    can carry, and AwsUnavailable where Secrets Manager fails and no key will do.
    """

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
        """The key, at most LIFETIME old; older where Secrets Manager fails.

        An outage of AWS must not stop payments for a key that is known. Where it is no good any
        more, the bank says so.
        """
        if self._clock() - self._read_at > LIFETIME:
            try:
                self._read()
            except AwsUnavailable:
                if not self._value:
                    raise
                self._read_at = self._clock()
        return self._value

    def renewed(self, refused: str) -> bool:
        """Whether there is another key than the one that the bank just refused.

        Each refusal reads anew. That makes no storm: the one that stands opens the circuit.
        """
        if self._value == refused:
            self._read()
        return self._value != refused

    def forget(self) -> None:
        """Reads anew next time; a probe does so, for the key may be what broke."""
        self._read_at = float("-inf")

    def _read(self) -> None:
        with aws_errors("reading the bank's key"):
            answer = self._client.get_secret_value(SecretId=self._secret)
        key = answer.get("SecretString", "").strip()
        if not (key and key.isascii() and key.isprintable()):
            # The value itself must reach no error: a header that is refused quotes it.
            raise Misconfigured("the bank's key is no printable text")
        self._value, self._read_at = key, self._clock()
