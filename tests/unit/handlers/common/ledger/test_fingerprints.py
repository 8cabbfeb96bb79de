"""The ledger tells another body under the same id apart, and says nothing of what it holds."""

import hashlib
import json
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError

from handlers.common import aws
from handlers.common.errors import AwsUnavailable, Cause
from handlers.common.ledger.fingerprints import Fingerprints, by_kms
from handlers.common.messages.transactions import BankAccountSetup, Payment, Transaction, decoded
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.world import World
from tests.unit.handlers.rules import FIRST_FAILURE

PAYMENT = {
    "message_id": "m1",
    "transaction_type": "payment",
    "customer_id": "c1",
    "amount": "120.00",
    "payment_method": "bank",
}
ACCOUNT = BankAccountSetup(
    message_id="m1", customer_id="c1", routing_number="021000021", account_number="98765432"
)


def secret() -> bytes:
    return b"a secret"


def read(**changes: object) -> Transaction:
    return decoded(json.dumps(PAYMENT | changes), Payment)


@pytest.mark.parametrize(
    "changes", [{"amount": "120"}, {"timestamp": "later"}, {"message_group_id": "g"}, {"more": 1}]
)
def test_a_fingerprint_does_not_see(changes: dict[str, object]) -> None:
    fingerprints = Fingerprints(secret)

    assert fingerprints.of(read()) == fingerprints.of(read(**changes))


class LaterPayment(Payment, frozen=True, kw_only=True):
    """Payments as a later image reads them."""

    memo: str | None = None
    channel: str = "web"


def test_a_field_that_a_later_image_adds_makes_no_other_body_of_what_is_on_its_way() -> None:
    fingerprints, body = Fingerprints(secret), json.dumps(PAYMENT)

    before = fingerprints.of(decoded(body, Payment))

    assert fingerprints.of(decoded(body, LaterPayment)) == before
    said = json.dumps(PAYMENT | {"memo": "rent"})
    assert fingerprints.of(decoded(said, LaterPayment)) != before


@pytest.mark.parametrize(
    "changes",
    [{"amount": "120.01"}, {"customer_id": "c2"}, {"payment_method": "card"}, {"bill_type": "gas"}],
)
def test_a_fingerprint_sees(changes: dict[str, object]) -> None:
    fingerprints = Fingerprints(secret)

    assert fingerprints.of(read()) != fingerprints.of(read(**changes))


def test_who_has_not_the_secret_cannot_try_numbers() -> None:
    fingerprint = Fingerprints(secret).of(ACCOUNT)

    assert fingerprint != Fingerprints(lambda: b"another").of(ACCOUNT)
    content = {
        key: value
        for key, value in msgspec.structs.asdict(ACCOUNT).items()
        if key not in {"timestamp", "message_group_id"}
    }
    encoded = msgspec.json.encode(content, order="sorted")
    assert fingerprint != hashlib.sha256(encoded).hexdigest()


def test_the_secret_is_asked_for_at_the_first_transaction_and_once() -> None:
    asked: list[int] = []

    def ask() -> bytes:
        asked.append(1)
        return secret()

    fingerprints = Fingerprints(ask)
    assert not asked
    for number in range(5):
        fingerprints.of(read(message_id=f"m{number}"))

    assert len(asked) == 1


def test_without_the_secret_nothing_is_begun_and_the_bank_is_not_called() -> None:
    world = World(FIRST_FAILURE)
    world.tap.fail("secret")

    assert world.batch(payment()) == ["sqs-m1"]

    assert world.bank.called == []
    assert world.ledger.entries == {}
    assert [trip.cause for trip in world.sink.trips] == [Cause.AWS]


def test_what_did_not_give_the_secret_is_asked_again() -> None:
    world = World()
    world.tap.fail("secret")
    assert world.batch(payment()) == ["sqs-m1"]
    world.tap.faults.clear()

    assert world.batch(payment()) == []


# By KMS


@pytest.fixture
def alias(pretended: None) -> str:
    del pretended
    keys: Any = aws.kms()
    key = keys.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]
    keys.create_alias(AliasName="alias/fingerprints", TargetKeyId=key["KeyId"])
    return "alias/fingerprints"


def test_every_process_derives_the_same_secret_from_the_key(alias: str) -> None:
    one, other = by_kms(alias)(), by_kms(alias)()

    assert one == other
    assert len(one) == 32


def test_another_key_gives_another_secret(alias: str) -> None:
    before = by_kms(alias)()
    keys: Any = aws.kms()
    key = keys.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]
    keys.update_alias(AliasName=alias, TargetKeyId=key["KeyId"])

    assert by_kms(alias)() != before


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "DisabledException", "NotFoundException"]
)
def test_kms_failing_is_awss_fault(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    class Failing:
        def generate_mac(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": code}}, "GenerateMac")

    monkeypatch.setattr(aws, "kms", Failing)

    with pytest.raises(AwsUnavailable, match=code):
        by_kms("alias/fingerprints")()
