"""Whatever is said on the control topic: the manager lives, and touches only what it manages."""

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.common.circuit.state import State
from tests.unit.handlers.subscription_manager.messages import say, sns_event
from tests.unit.handlers.subscription_manager.services import PAYMENTS
from tests.unit.handlers.subscription_manager.world import World

CASES_EACH = 20
MESSAGES: list[dict[str, Any]] = [
    {"action": "enable", "service": "payments", "reason": "done", "operator": "ada"},
    {"action": "disable", "service": "payments", "hold_until": "2026-11-23T10:00:00Z"},
    {"action": "stop"},
    {"action": "status", "valid_until": "2026-11-23T10:00:00+01:00"},
    {"action": "refresh", "service": "payments", "timestamp": 1_000_000},
    {"action": "probe", "service": "payments"},
    {"action": "redrive", "service": "payments", "count": 3, "ids": ["m1"], "force": True},
    {"action": "trip", "service": "payments", "generation": 0, "cause": "unavailable", "why": "5"},
    {"AlarmName": "payments-errors", "NewStateValue": "ALARM", "NewStateReason": "crashes"},
]
ODD = [
    None,
    True,
    0,
    -1,
    10**400,
    1e308,
    float("nan"),
    float("-inf"),
    "",
    "NaN",
    "payments\n",
    "PAYMENTS",
    "../payments",
    "mapping-payments",
    "\u0000",
    "\ud800",
    "🦆" * 10,
    "x" * 5_000,
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+14:00",
    [],
    {},
    [[[[]]]],
    {"a": {"b": {}}},
    ["m1"] * 200,
]
KEYS = sorted({key for message in MESSAGES for key in message} | {"uuid", "mapping", "function"})


def mangled(dice: random.Random) -> str:
    """A control message or an alarm's notification that is broken in some way, or nearly is."""
    message = dict(dice.choice(MESSAGES))
    for _ in range(dice.randint(0, 3)):
        message[dice.choice(KEYS)] = dice.choice(ODD)
    if dice.random() < 0.2:
        message.pop(dice.choice([*message]))
    text = json.dumps(message)
    match dice.randint(0, 7):
        case 0:
            at = dice.randrange(len(text))
            return text[:at] + dice.choice('{}[]",:\\é') + text[at + 1 :]
        case 1:
            return text[: dice.randrange(len(text))]
        case 2:
            return text[:-1] + f', "action": "{dice.choice(["disable", "explode", ""])}"}}'
        case 4:
            number = dice.choice(["1e400", "-1e400", "-0", "1e-400", "NaN"])
            return text[:-1] + f', "{dice.choice(KEYS)}": {number}}}'
        case 3:
            return json.dumps(dice.choice([text, [message], {"Message": text}]))
        case _:
            return text


def enveloped(text: str, now: float, dice: random.Random) -> dict[str, Any]:
    """Lambda's event of SNS, now and then with something wrong in it."""
    event = sns_event((text, now - dice.choice([0, 1, 60, 10_000])))
    (record,) = event["Records"]
    if dice.random() < 0.2:
        record["Sns"][dice.choice(["Timestamp", "Message", "MessageId", "Extra"])] = dice.choice(
            ODD
        )
    if dice.random() < 0.1:
        event["Records"] = dice.choice([[], [None], [{}], [record, record], ODD])
    return event


def check(world: World, event: object) -> None:
    changed = len(world.mappings.changes)
    answer = world.ask(event)
    assert isinstance(answer, dict)
    if answer.get("accepted") is False and "services" not in answer:
        assert answer["code"]
        assert answer["reason"]
    assert {mapping for mapping, _, _ in world.mappings.changes[changed:]} <= {PAYMENTS.mapping}
    assert {url for url, _, _ in world.letters.sent} <= {PAYMENTS.queue}
    assert {service for service, _, _ in world.prober.probes} <= {PAYMENTS.service}


def quick(world: World) -> World:
    """A closed circuit and time to come: what one case did is not the next one's matter."""
    world.force(State.CLOSED)
    world.now += 100
    return world


@settings(max_examples=125, deadline=None, database=None)
@given(seed=st.integers(0, 2**32))
def test_five_thousand_broken_messages_crash_nothing_and_reach_no_other_mapping(seed: int) -> None:
    dice, world = random.Random(seed), World(PAYMENTS)  # noqa: S311 - guards nothing
    for _ in range(CASES_EACH):
        text = mangled(dice)
        check(quick(world), enveloped(text, world.now, dice))
        try:
            directly = json.loads(text)
        except ValueError:
            directly = text
        check(quick(world), directly)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"action":' * 50_000,
        say("disable", reason="x" * 1_000_000),
        json.dumps("x" * 1_048_574),
        '{"action": "disable", "service": "payments", "hold_until": "' + "9" * 1_000_000 + '"}',
    ],
    ids=["deep list", "deep object", "a long reason", "a mebibyte of text", "a long moment"],
)
def test_a_message_of_a_mebibyte_is_refused(text: str) -> None:
    world = World(PAYMENTS)

    check(world, sns_event((text, world.now)))

    assert world.mappings.changes == []
    assert world.measured("Refused", "subscription-manager")
