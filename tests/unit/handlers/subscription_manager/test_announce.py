"""Each transition is told to people."""

from handlers.common.circuit.events import Verdict
from handlers.common.circuit.state import State
from tests.unit.handlers.subscription_manager.world import World


def test_each_transition_is_announced_once_and_in_order() -> None:
    world = World()
    world.trip()
    for _ in range(5):
        world.next_turn()

    assert world.notifications.generations("payments") == [1, 2, 3]
    assert len(world.measured("Transitions")) == 3


def test_a_transition_is_announced_with_all_that_is_known_of_it() -> None:
    world = World()
    world.trip()

    world.turn()

    assert world.notifications.sent == [
        {
            "kind": "transition",
            "service": "payments",
            "generation": 1,
            "from_state": "closed",
            "to_state": "open",
            "at": "1970-01-12T13:46:40.000+00:00",
            "left_closed_at": "1970-01-12T13:46:40.000+00:00",
            "who": "worker",
            "why": "503",
            "cause": "unavailable",
            "cool_down": 30,
            "hold_until": None,
        }
    ]


def test_recovery_is_counted_from_leaving_closed_over_however_many_openings() -> None:
    world = World()
    began = world.trip().since
    world.prober.verdict = Verdict.UNWELL
    while world.circuit().generation < 40:
        world.next_turn()
    world.prober.verdict = Verdict.WELL
    while world.circuit().state is not State.CLOSED:
        world.next_turn()

    assert world.measured("RecoveryTime") == [world.circuit().since - began]
