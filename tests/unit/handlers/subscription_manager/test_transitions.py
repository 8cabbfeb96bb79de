"""What moves a circuit by itself is written into the manager's log."""

import pytest

from tests.unit.handlers.subscription_manager.world import World


def test_a_transition_is_logged_with_who_and_why(caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    world.trip()

    world.next_turn()

    (logged,) = [record for record in caplog.records if record.message == "transition"]
    told = logged.__dict__
    assert (told["managed"], told["generation"]) == ("payments", 2)
    assert (told["from_state"], told["to_state"]) == ("open", "half_open")
    assert (told["who"], told["reason"]) == ("probe", "asked")
