"""Whatever comes in a message, the worker ends it: worked off, or refused with a reason."""

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.bank_account_setup.accounts import BankAccounts
from handlers.common.ledger.entries import Status
from tests.unit.handlers.common.records import record
from tests.unit.handlers.common.world import World

CASES_EACH = 100
NUMBER = "98765432101234567"
"""Long enough not to be met by chance."""

BODIES: dict[str, dict[str, Any]] = {
    "payment": {
        "message_id": "m1",
        "transaction_type": "payment",
        "customer_id": "c1",
        "amount": "120.00",
        "payment_method": NUMBER,
        "currency": "USD",
    },
    "bank_account_setup": {
        "message_id": "m1",
        "transaction_type": "bank_account_setup",
        "customer_id": "c1",
        "routing_number": "021000021",
        "account_number": NUMBER,
        "account_type": "checking",
    },
}
ODD = [
    None,
    True,
    0,
    -1,
    1e308,
    10**400,
    float("nan"),
    float("inf"),
    "",
    "NaN",
    "1e400",
    "-0",
    "0x10",
    " 1 ",
    "1_0",
    "\u0000",
    "\ud800",
    "🦆" * 10,
    "\u0661\u0662",
    "x" * 5_000,
    NUMBER,
    [],
    {},
    [[[[[]]]]],
    {"a": {"b": {"c": NUMBER}}},
    "Notification",
]
KINDS = sorted(BODIES)


def world_of(kind: str) -> World:
    world = World()
    if kind == "bank_account_setup":
        world.kind = BankAccounts(verify_checksum=True)
        world.start()
    return world


def mangled(kind: str, dice: random.Random) -> str:
    """A message of this kind, broken in some way, perhaps in an envelope that is broken too."""
    body = dict(BODIES[kind])
    for _ in range(dice.randint(0, 3)):
        key = dice.choice([*body, "extra", "TopicArn", "Message", "Type"])
        if dice.random() < 0.3:
            body.pop(key, None)
        else:
            body[key] = dice.choice(ODD)
    text = broken(json.dumps(body, ensure_ascii=dice.random() < 0.5), dice)
    if dice.random() < 0.3:
        wrapped: dict[str, Any] = {
            "Type": "Notification",
            "TopicArn": "arn:aws:sns:us-east-2:123456789012:t.fifo",
            "Message": text,
        }
        if dice.random() < 0.5:
            wrapped[dice.choice([*wrapped, "MessageAttributes"])] = dice.choice(ODD)
        text = broken(json.dumps(wrapped), dice)
    return text


def broken(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text))
    match dice.randint(0, 9):
        case 0:
            text = text[:at] + text[at + 1 :]
        case 1:
            text = text[:at] + chr(dice.randrange(0x110000)) + text[at:]
        case 2:
            text = text[:at]
        case 3:
            text = text[:-1] + "," + text[1:]
        case 4:
            text += " " * dice.randrange(3) + text[: dice.randrange(3)]
        case 5:  # a key a second time, with what no encoder writes or with anything
            key = dice.choice(["message_id", "customer_id", "amount", "account_number", "Message"])
            value = dice.choice(["1e400", "-1e-400", "00", "1.", *map(json.dumps, ODD)])
            text = text[:-1] + f', "{key}": {value}}}'
        case _:
            pass
    return text


def check(kind: str, body: str) -> None:
    world = world_of(kind)
    assert world.batch(record(body)) == []
    (outcome,) = world.sink.outcomes
    (entry,) = world.ledger.entries.values()
    if outcome.outcome is Status.COMPLETED:
        assert len(world.bank.booked) == 1
        assert not world.sink.letters
    else:
        assert outcome.outcome is Status.REJECTED
        assert outcome.reason is not None
        assert outcome.reason.code
        assert world.bank.called == []
        ((delivery, _),) = world.sink.letters
        assert delivery.original == body
        assert NUMBER not in f"{entry.code} {entry.detail} {outcome.reason}"


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=100, deadline=None, database=None)
@given(seed=st.integers(0, 2**32))
def test_ten_thousand_broken_messages_end_with_a_reason(kind: str, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - guards nothing
    for _ in range(CASES_EACH):
        check(kind, mangled(kind, dice))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None, database=None)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*BODIES["payment"], "x"]), inner, max_size=6)
        ),
        max_leaves=8,
    )
)
def test_any_json_ends(kind: str, value: object) -> None:
    check(kind, json.dumps(value))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "body",
    [
        "[" * 500_000,
        '{"a":' * 200_000,
        json.dumps("x" * 1_048_574),
        json.dumps({**BODIES["payment"], "extra": "x" * 1_000_000}),
        '{"TopicArn":' * 80_000,
    ],
    ids=["deep list", "deep object", "a mebibyte of text", "a long extra", "deep envelope"],
)
def test_a_message_of_a_mebibyte_ends(kind: str, body: str) -> None:
    check(kind, body)
