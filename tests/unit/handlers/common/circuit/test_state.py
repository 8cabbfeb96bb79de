"""What each state lets through, and for how long it hides what it does not."""

import pytest
from msgspec.structs import replace

from handlers.common.circuit.state import Circuit, State
from tests.unit.handlers.rules import FIRST_FAILURE

NOW = 1_000_000.0
CLOSED = Circuit(service="payments")
OPEN = replace(CLOSED, state=State.OPEN)
HALF_OPEN = replace(CLOSED, state=State.HALF_OPEN)
HELD = replace(CLOSED, state=State.HELD)


@pytest.mark.parametrize(
    ("circuit", "allowed"), [(CLOSED, True), (HALF_OPEN, True), (OPEN, False), (HELD, False)]
)
def test_each_state_lets_calls_through_or_not(circuit: Circuit, allowed: bool) -> None:
    assert circuit.calls_allowed is allowed


def test_a_message_is_hidden_for_what_is_left_of_the_cool_down() -> None:
    assert replace(OPEN, retry_at=NOW + 50).hidden_for(NOW, FIRST_FAILURE) == 50


def test_a_message_is_hidden_for_half_a_turn_at_least_though_a_probe_is_due() -> None:
    assert replace(OPEN, retry_at=NOW - 10).hidden_for(NOW, FIRST_FAILURE) == FIRST_FAILURE.turn / 2


def test_a_message_is_never_hidden_longer_than_deliveries_go_on() -> None:
    assert (
        replace(OPEN, retry_at=NOW + 1000).hidden_for(NOW, FIRST_FAILURE)
        == FIRST_FAILURE.drain_time
    )
    assert HELD.hidden_for(NOW, FIRST_FAILURE) == FIRST_FAILURE.drain_time
