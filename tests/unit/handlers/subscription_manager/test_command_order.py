"""A command's place in time decides whether it is obeyed."""

import pytest

from handlers.common.circuit.state import State
from tests.unit.handlers.subscription_manager.messages import iso, say
from tests.unit.handlers.subscription_manager.tap import Tap
from tests.unit.handlers.subscription_manager.world import World


def test_an_older_command_that_arrives_later_is_ignored() -> None:
    world = World()

    world.hear((say("disable"), world.now))
    world.hear((say("enable"), world.now - 1))

    assert world.circuit().state is State.HELD


def test_records_of_one_event_are_obeyed_in_the_order_of_their_sending() -> None:
    world = World()

    world.hear((say("disable"), world.now), (say("enable"), world.now - 1))

    assert world.circuit().state is State.HELD


def test_a_command_delivered_twice_is_obeyed_once() -> None:
    world = World()
    message = (say("disable"), world.now)

    world.hear(message)
    world.hear(message)

    assert world.circuit().generation == 1


def test_a_command_without_an_effect_still_makes_the_older_one_void() -> None:
    world = World()

    world.hear((say("enable"), world.now))
    world.hear((say("disable"), world.now - 1))

    assert world.circuit().state is State.CLOSED


def test_a_status_does_not_make_an_older_hold_void() -> None:
    world = World()

    world.hear((say("status"), world.now))
    world.hear((say("disable"), world.now - 1))

    assert world.circuit().state is State.HELD


@pytest.mark.parametrize(("age", "state"), [(15 * 60 - 1, State.HELD), (901, State.CLOSED)])
def test_a_command_older_than_a_quarter_of_an_hour_is_ignored(age: float, state: State) -> None:
    world = World()

    world.hear((say("disable"), world.now - age))

    assert world.circuit().state is state


def test_a_command_past_its_validity_is_ignored() -> None:
    world = World()

    world.hear((say("disable", valid_until=iso(world.now - 1)), world.now - 60))

    assert world.circuit().state is State.CLOSED


def test_a_trip_between_reading_and_writing_does_not_lose_the_hold() -> None:
    world = World()
    tap = Tap()

    def trip_first(_number: int, name: str) -> None:
        if name == "records.apply" and world.circuit().state is State.CLOSED:
            world.trip()

    tap.before = trip_first
    world.ask({"action": "disable"}, tap)

    assert world.circuit().state is State.HELD


def test_of_two_managers_the_newer_command_wins_whatever_lies_between() -> None:
    world = World()
    tap = Tap()

    def newer_first(_number: int, name: str) -> None:
        if name == "records.apply" and not world.circuits.history:
            tap.before = lambda _number, _name: None
            world.hear((say("enable"), world.now + 1))

    tap.before = newer_first
    world.hear((say("disable"), world.now), tap=tap)

    assert world.circuit().state is State.CLOSED
