"""A ramp ends on its second where a turn can wait for it."""

from handlers.common.circuit.state import State
from tests.unit.handlers.subscription_manager.services import RULES
from tests.unit.handlers.subscription_manager.world import World


def test_a_ramp_that_ends_before_the_next_turn_is_closed_by_this_one() -> None:
    world = World()
    world.force(State.HALF_OPEN, ramp_until=world.now + 45)
    ends = world.now + 45

    world.turn()

    assert world.circuit().state is State.CLOSED
    assert world.now >= ends
    assert world.agrees()


def test_a_ramp_that_ends_after_the_next_turn_is_left_to_it() -> None:
    world = World()
    world.force(State.HALF_OPEN, ramp_until=world.now + RULES.turn + 15)
    began = world.now

    world.turn()

    assert world.circuit().state is State.HALF_OPEN
    assert world.now == began


def test_a_ramp_that_outlasts_the_invocation_is_left_to_the_next_turn() -> None:
    world = World()
    world.force(State.HALF_OPEN, ramp_until=world.now + 45)
    began = world.now

    world.manager().handle({"action": "reconcile"}, world.now + 45)

    assert world.circuit().state is State.HALF_OPEN
    assert world.now == began


def test_an_operator_never_waits_for_a_ramp() -> None:
    world = World()
    world.force(State.HALF_OPEN, ramp_until=world.now + 45)
    began = world.now

    world.ask({"action": "refresh"})

    assert world.circuit().state is State.HALF_OPEN
    assert world.now == began
