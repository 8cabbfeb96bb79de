import json

import pytest

from handlers.common.errors import InvalidMessage
from handlers.common.messages.transactions import (
    BankAccountSetup,
    Payment,
    claimed,
    decoded,
    opened,
)

PAYMENT = {
    "message_id": "m1",
    "transaction_type": "payment",
    "customer_id": "c1",
    "amount": "120.00",
    "payment_method": "bank",
}
ACCOUNT = {
    "message_id": "m1",
    "transaction_type": "bank_account_setup",
    "customer_id": "c1",
    "routing_number": "021000021",
    "account_number": "98765432101234567",
}


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "0.01"},
        {"amount": 100},
        {"amount": 100.25},
        {"amount": "1000000"},
        {"amount": "1.50000"},
        {"currency": "EUR"},
        {"message_id": "x" * 128},
        {"message_id": "!#/~"},
        {"nobody_knows": {"deep": [1, 2]}},
        {"bill_type": "water", "due_date": "2026-12-01"},
    ],
)
def test_a_payment_may_be(changes: dict[str, object]) -> None:
    assert decoded(json.dumps(PAYMENT | changes), Payment).customer_id == "c1"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "0"},
        {"amount": "-1"},
        {"amount": "0.001"},
        {"amount": "1000000.01"},
        {"amount": "NaN"},
        {"amount": "sNaN"},
        {"amount": "Infinity"},
        {"amount": "1e400"},
        {"amount": "1e-400"},
        {"amount": "1e999999999999999999999"},
        {"amount": "one"},
        {"amount": ""},
        {"amount": None},
        {"amount": True},
        {"amount": ["1"]},
        {"message_id": ""},
        {"message_id": "x" * 129},
        {"message_id": "with space"},
        {"message_id": "ümlaut"},
        {"message_id": 7},
        {"message_id": "m1\n"},
        {"customer_id": "c1\n"},
        {"currency": "USD\n"},
        {"customer_id": None},
        {"customer_id": "c\u0000"},
        {"payment_method": ""},
        {"payment_method": "x" * 257},
        {"currency": "usd"},
        {"transaction_type": "bank_account_setup"},
    ],
)
def test_a_payment_must_not_be(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidMessage) as refused:
        decoded(json.dumps(PAYMENT | changes), Payment)
    assert refused.value.code == "invalid_message"


@pytest.mark.parametrize("missing", ["message_id", "customer_id", "amount", "payment_method"])
def test_a_payment_without_it_is_refused_by_name(missing: str) -> None:
    body = {key: value for key, value in PAYMENT.items() if key != missing}
    with pytest.raises(InvalidMessage, match=missing):
        decoded(json.dumps(body), Payment)


@pytest.mark.parametrize(
    "changes",
    [{"account_type": "savings"}, {"account_number": "1234"}, {"routing_number": "123456789"}],
)
def test_a_bank_account_may_be(changes: dict[str, str]) -> None:
    assert decoded(json.dumps(ACCOUNT | changes), BankAccountSetup).customer_id == "c1"


@pytest.mark.parametrize(
    "changes",
    [
        {"routing_number": "12345678"},
        {"routing_number": "1234567890"},
        {"routing_number": "02100002x"},
        {"routing_number": "٠٢١٠٠٠٠٢١"},
        {"routing_number": "021000021\n"},
        {"routing_number": 21000021},
        {"account_number": "123"},
        {"account_number": "12345678\n"},
        {"account_number": "1" * 18},
        {"account_type": "offshore 98765432101234567"},
    ],
)
def test_a_bank_account_must_not_be_and_no_text_shows_its_numbers(
    changes: dict[str, object],
) -> None:
    with pytest.raises(InvalidMessage) as refused:
        decoded(json.dumps(ACCOUNT | changes), BankAccountSetup)
    text = f"{refused.value} {refused.value.__cause__}"
    for value in (*changes.values(), *ACCOUNT.values()):
        assert str(value) not in text or str(value) in ("c1", "m1", "bank_account_setup")


@pytest.mark.parametrize(
    "body",
    ["", "null", "[]", '"text"', "7", "{", '{"a":', "\ud800", "[" * 100_000, '{"a":' * 100_000],
)
def test_what_is_no_object_is_refused_with_a_reason(body: str) -> None:
    with pytest.raises(InvalidMessage) as refused:
        decoded(body, Payment)
    assert refused.value.code in {"unreadable_message", "invalid_message"}


def test_of_a_key_that_comes_twice_the_last_counts() -> None:
    body = json.dumps(PAYMENT)[:-1] + ', "amount": "7.00"}'
    assert str(decoded(body, Payment).amount) == "7.00"


def envelope(body: str, **changes: object) -> str:
    fields = {
        "Type": "Notification",
        "MessageId": "sns-1",
        "TopicArn": "arn:aws:sns:us-east-2:123456789012:t.fifo",
        "Message": body,
        "MessageAttributes": {"redrive_id": {"Type": "String", "Value": "r1"}},
    }
    return json.dumps({key: v for key, v in (fields | changes).items() if v is not None})


def test_an_sns_envelope_is_opened_with_its_attributes() -> None:
    assert opened(envelope("inside")) == ("inside", {"redrive_id": "r1"})


@pytest.mark.parametrize(
    "changes",
    [
        {"Type": "SubscriptionConfirmation"},
        {"Type": None},
        {"TopicArn": 7},
        {"Message": {"not": "a string"}},
        {"Message": None},
        {"MessageAttributes": {"redrive_id": "r1"}},
        {"MessageAttributes": []},
    ],
)
def test_what_is_nearly_an_envelope_is_taken_as_it_stands(changes: dict[str, object]) -> None:
    body = envelope("inside", **changes)
    assert opened(body) == (body, {})


def test_a_raw_message_is_taken_as_it_stands() -> None:
    body = json.dumps(PAYMENT)
    assert opened(body) == (body, {})


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ('{"message_id": "m1", "customer_id": "c1", "amount": []}', ("m1", "c1")),
        ('{"message_id": "m 1", "customer_id": 7}', (None, None)),
        ('{"customer_id": "c1"}', (None, "c1")),
        ("[1]", (None, None)),
        ("no JSON", (None, None)),
        ("\ud800", (None, None)),
    ],
)
def test_a_refused_message_claims_ids_only_if_they_are_some(
    body: str, ids: tuple[str | None, str | None]
) -> None:
    found = claimed(body)
    assert (found.message_id, found.customer_id) == ids
