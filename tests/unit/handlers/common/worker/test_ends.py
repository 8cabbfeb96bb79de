"""What is told of an end, and how long it took."""

import pytest

from handlers.common.circuit.state import Circuit
from handlers.common.ledger.entries import Reason, Status
from handlers.common.messages.delivery import direct
from handlers.common.telemetry.tally import tally
from tests.unit.handlers.common.figures import SERVICE, TIMEOUT
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.world import World

SENT_AT = 1_000_000.0
"""When the messages of this world are sent."""


def test_an_outcome_says_whose_transaction_ended_where() -> None:
    world = World()
    world.batch(payment("m1", customer="c7", attributes={"correlation_id": "corr"}))
    (outcome,) = world.sink.outcomes
    assert (outcome.message_id, outcome.customer_id) == ("m1", "c7")
    assert (outcome.service, outcome.transaction_type) == (SERVICE, "payment")
    assert outcome.correlation_id == "corr"


def test_an_entry_says_whose_it_is_and_when_it_was_sent() -> None:
    """By these a redrive knows what came later."""
    world = World()
    world.batch(payment("m1", customer="c7"))
    assert (world.entry().group, world.entry().sent_at) == (f"{SERVICE}#c7", SENT_AT * 1000)


def test_a_repeat_of_a_rejection_is_answered_with_its_reason() -> None:
    world = World()
    world.bank.script = ["402"]
    delivery = direct(payment()["body"], "request-1", "c1", world.now)
    first, again = [world.worker.one(delivery, world.now + TIMEOUT) for _ in range(2)]
    assert (again.outcome, again.message_id, again.duplicate) == (Status.REJECTED, "m1", True)
    assert again.reason == first.reason == Reason("insufficient_funds", "the bank answered 402")


# The service level.


def test_a_message_from_the_queue_is_measured_from_its_sending_to_its_end() -> None:
    world = World()
    world.now = SENT_AT + 7
    world.batch(payment())
    assert tally.times["TimeToEnd"] == [7.0]


@pytest.mark.parametrize(("changed_at", "measured"), [(SENT_AT - 1, True), (SENT_AT, False)])
def test_a_message_that_met_a_change_of_the_circuit_is_not_measured(
    changed_at: float, *, measured: bool
) -> None:
    """It waited for the bank, which is not ours to promise."""
    world = World()
    before = world.circuit
    closed = Circuit(service=SERVICE, generation=1, since=changed_at)
    assert world.store.write(before, closed)
    world.now = SENT_AT + 7
    world.batch(payment())
    assert bool(tally.times["TimeToEnd"]) is measured


def test_a_direct_invocation_is_not_measured() -> None:
    world = World()
    delivery = direct(payment()["body"], "request-1", "c1", world.now - 7)
    assert world.worker.one(delivery, world.now + TIMEOUT).outcome is Status.COMPLETED
    assert tally.times["TimeToEnd"] == []
