"""One manager at a time works on a service, and none for ever."""

import pytest

from handlers.common.circuit.state import State
from tests.unit.handlers.subscription_manager.messages import turns
from tests.unit.handlers.subscription_manager.tap import Killed, Tap
from tests.unit.handlers.subscription_manager.world import World


def test_the_verdict_of_a_manager_that_lost_its_lease_is_void() -> None:
    world = World()
    world.trip()

    def taken_over() -> None:
        world.records.take_lease("payments", "lease", "another", 10**9, 2 * 10**9)

    world.prober.meanwhile = taken_over
    world.next_turn()

    assert world.circuit().state is State.OPEN


def test_a_turn_whose_lease_another_holds_does_nothing() -> None:
    world = World()
    world.trip()
    world.records.take_lease("payments", "lease", "another", world.now, world.now + 30)

    assert turns(world.turn()) == {"payments": "busy"}
    assert world.mappings.changes == []


def test_the_lease_of_a_dead_manager_ends_before_the_next_turn() -> None:
    world = World()
    world.trip()
    tap = Tap()
    tap.kill_before = 2
    with pytest.raises(Killed):
        world.turn(tap)

    assert turns(world.next_turn()) == {"payments": "done"}


def test_a_manager_that_lost_its_lease_changes_no_mapping() -> None:
    world = World()
    world.trip()
    tap = Tap()

    def stall(_number: int, name: str) -> None:
        if name == "records.keep_lease":
            world.records.take_lease("payments", "lease", "another", 10**9, 2 * 10**9)

    tap.before = stall
    assert turns(world.turn(tap)) == {"payments": "busy"}
    assert world.mappings.changes == []
