"""What is refused, with its reason in the log and a metric."""

import json

import pytest

from handlers.common.circuit.state import State
from tests.unit.handlers.subscription_manager.messages import say
from tests.unit.handlers.subscription_manager.tap import Tap
from tests.unit.handlers.subscription_manager.world import World


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("disable", "invalid_command"),
        ("[]", "invalid_command"),
        (say("explode"), "unknown_action"),
        (say("disable", service="billing"), "unknown_service"),
        (say("disable", service="../payments"), "invalid_command"),
        (say("disable", hold_untill="2030-01-01T00:00:00Z"), "invalid_command"),
        (say("disable", hold_until="1970-01-02T00:00:00Z"), "invalid_command"),
        (say("disable", hold_until="2030-01-01T00:00:00"), "invalid_command"),
        (say("enable", hold_until="2030-01-01T00:00:00Z"), "invalid_command"),
        (say("redrive", count=0), "invalid_command"),
        (say("trip", service="payments"), "invalid_command"),
        (json.dumps({"AlarmName": "another", "NewStateValue": "ALARM"}), "unknown_service"),
    ],
)
def test_what_does_not_validate_is_refused_and_counted_and_touches_nothing(
    text: str, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = World()
    tap = Tap()

    world.hear((text, world.now), tap=tap)

    assert tap.calls == []
    assert world.metrics == [("Refused", 1, "subscription-manager")]
    assert [record.__dict__["code"] for record in caplog.records] == [code]


def test_a_refused_record_does_not_stop_the_ones_beside_it() -> None:
    world = World()

    world.hear(("nonsense", world.now), (say("disable"), world.now))

    assert world.circuit().state is State.HELD


@pytest.mark.parametrize("event", [None, [], {}, {"Records": [{"eventSource": "aws:sqs"}]}])
def test_an_event_that_is_none_of_ours_is_refused(event: object) -> None:
    world = World()

    assert world.ask(event)["accepted"] is False
    assert world.circuits.history == []


def test_a_trip_cannot_be_told_by_a_direct_invocation() -> None:
    world = World()
    event = {"action": "trip", "service": "payments", "generation": 0, "cause": "unavailable"}

    assert world.ask(event)["accepted"] is False
