"""One turn makes the mapping as the circuit wants it, whatever happened before."""

import pytest
from msgspec.structs import replace

from handlers.common.circuit.events import Alarm
from handlers.common.circuit.state import VERSION, State
from handlers.common.errors import Cause
from tests.unit.handlers.subscription_manager.messages import turns
from tests.unit.handlers.subscription_manager.services import FULL, PAYMENTS, RULES
from tests.unit.handlers.subscription_manager.tap import Tap
from tests.unit.handlers.subscription_manager.world import World


def test_an_open_circuit_disables_its_mapping_in_one_call() -> None:
    world = World()
    world.trip()

    world.turn()

    assert world.mappings.changes == [(PAYMENTS.mapping, False, FULL)]


def test_a_mapping_that_is_as_wanted_is_left_alone() -> None:
    world = World()

    world.turn()

    assert world.mappings.changes == []


def test_a_mapping_disabled_by_hand_is_enabled_again() -> None:
    world = World()
    world.mappings.enabled[PAYMENTS.mapping] = False

    world.turn()

    assert world.agrees()


def test_a_mapping_with_another_concurrency_is_set_right() -> None:
    world = World()
    world.mappings.concurrency[PAYMENTS.mapping] = 7

    world.turn()

    assert world.mappings.changes == [(PAYMENTS.mapping, True, FULL)]


def test_a_circuit_that_changes_during_the_turn_is_followed() -> None:
    world = World()
    tap = Tap()

    def trip_at_the_mapping(_number: int, name: str) -> None:
        if name == "mappings.view" and world.circuit().state is State.CLOSED:
            world.trip()

    tap.before = trip_at_the_mapping
    world.turn(tap)

    assert world.circuit().state is State.OPEN
    assert world.agrees()


def test_an_alarm_newer_than_the_state_opens_the_circuit() -> None:
    world = World()
    world.alarms.fired[PAYMENTS.alarm] = Alarm(at=world.now, why="errors")

    world.turn()

    assert (world.circuit().state, world.circuit().cause) == (State.OPEN, Cause.ALARM)
    assert world.agrees()


def test_an_alarm_older_than_the_state_does_not() -> None:
    world = World()
    world.force(State.CLOSED)
    world.alarms.fired[PAYMENTS.alarm] = Alarm(at=world.now - 1, why="errors")

    world.turn()

    assert world.circuit().state is State.CLOSED


def test_a_busy_mapping_is_asked_again_a_little_then_left_to_the_next_turn() -> None:
    world = World()
    world.mappings.settled_at[PAYMENTS.mapping] = world.now + RULES.turn
    world.force(State.HELD)
    tap = Tap()

    assert turns(world.turn(tap)) == {"payments": "failed"}
    assert 1 < tap.calls.count("mappings.change") < 10
    assert not world.agrees()
    world.next_turn()

    assert world.agrees()


def test_a_mapping_that_settles_soon_is_changed_in_the_same_turn() -> None:
    world = World()
    world.mappings.settled_at[PAYMENTS.mapping] = world.now + 0.5
    world.trip()

    world.turn()

    assert world.agrees()


def test_a_circuit_of_a_newer_image_is_left_alone() -> None:
    world = World()
    before = world.circuit()
    world.circuits.write(
        before, replace(before, state=State.OPEN, generation=1, version=VERSION + 1)
    )

    assert turns(world.turn()) == {"payments": "failed"}
    assert world.mappings.changes == []


def test_an_alarm_that_cannot_be_read_does_not_stop_the_turn() -> None:
    world = World()
    world.mappings.enabled[PAYMENTS.mapping] = False
    tap = Tap()
    tap.fail = lambda _number, name: name == "alarms.firing"

    assert turns(world.turn(tap)) == {"payments": "done"}
    assert world.agrees()


@pytest.mark.parametrize("broken", ["notifications.publish", "queues.counts", "mappings.view"])
def test_a_turn_that_was_not_whole_is_not_counted_as_one(broken: str) -> None:
    world = World()
    world.trip()
    tap = Tap()
    tap.fail = lambda _number, name: name == broken

    assert turns(world.turn(tap)) == {"payments": "failed"}
    assert world.measured("Reconciles") == []
    assert world.measured("CircuitState") == [2.0]


def test_a_whole_turn_is_counted() -> None:
    world = World()

    world.turn()

    assert world.measured("Reconciles") == [1.0]
