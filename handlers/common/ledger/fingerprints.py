"""What the ledger keeps of a body: a digest by which another body under the same id is told apart.

An account number has few digits: whoever reads the ledger could try them all against a plain
digest. So there is a secret in it, which is derived and stored nowhere: a MAC of a fixed text under
a KMS key that never leaves KMS. It is asked for once in the life of a process, and is the same for
as long as the KMS key lives: HMAC keys do not rotate
(https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html).
"""

import hmac
from collections.abc import Callable
from functools import cache

import msgspec

from handlers.common import aws
from handlers.common.aws import aws_errors
from handlers.common.messages.transactions import Payment, Transaction

NOT_CONTENT = {"timestamp", "message_group_id"}
"""A sender that tries again may stamp anew; it is the same transaction."""

DERIVED_FROM = b"fingerprints of the ledger"


class Fingerprints:
    """Digests of what transactions say; two bodies with one id must have the same.

    Args:
        secret: Gives the secret; asked for at the first digest, until it has given one.
    """

    def __init__(self, secret: Callable[[], bytes]) -> None:
        self._ask, self._secret = secret, b""

    def of(self, transaction: Transaction) -> str:
        """The digest of one transaction.

        Raises:
            AwsUnavailable: KMS does not give the secret.
        """
        if not self._secret:
            self._secret = self._ask()
        return hmac.digest(self._secret, _content(transaction), "sha256").hex()


def by_kms(key: str) -> Callable[[], bytes]:
    """The secret that follows from a KMS key, named by its alias."""

    def derive() -> bytes:
        with aws_errors("deriving the fingerprints' secret"):
            answer = aws.kms().generate_mac(
                KeyId=key, Message=DERIVED_FROM, MacAlgorithm="HMAC_SHA_256"
            )
        return answer["Mac"]

    return derive


def _content(transaction: Transaction) -> bytes:
    """What it says, as one text.

    A field that says no more than its default is left out: one that a later image adds must not
    make other bodies of those that are on their way.
    """
    defaults = _defaults(type(transaction))
    content = msgspec.structs.asdict(transaction)
    kept = {key: content[key] for key, default in defaults.items() if content[key] != default}
    if isinstance(transaction, Payment):
        kept["amount"] = format(transaction.amount.normalize(), "f")
    return msgspec.json.encode(kept, order="sorted")


@cache
def _defaults(kind: type[Transaction]) -> dict[str, object]:
    """Each field that counts, with its default."""
    return {
        field.name: field.default
        for field in msgspec.structs.fields(kind)
        if field.name not in NOT_CONTENT
    }
