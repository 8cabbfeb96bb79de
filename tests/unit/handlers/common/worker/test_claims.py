"""Of all that carry a transaction, one works on it; an end reopens for a new redrive only."""

from typing import Any

import pytest
from msgspec.structs import replace

from handlers.common.ledger.entries import Status
from tests.replacing import replace_method
from tests.unit.handlers.common.figures import RETRY, SERVICE
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.world import World

KEY = f"{SERVICE}#m1"


def test_two_carriers_at_once_make_one_call() -> None:
    world = World()
    world.die_calling()
    world.now -= 200
    assert world.batch(payment(carrier="sqs-other")) == ["sqs-other"]
    assert world.bank.called == []
    assert world.sink.hidden == [("receipt-sqs-other", 32.0)]


def test_a_lease_that_ran_out_is_taken_over() -> None:
    world = World()
    world.die_calling()
    world.now += 33 - 200
    assert world.batch(payment(carrier="sqs-other")) == []
    assert world.bank.booked == [KEY]
    assert world.entry().carrier == "sqs-other"


def test_an_attempt_that_lost_its_entry_neither_moves_nor_announces() -> None:
    world = World()
    world.bank.script = ["402"]
    refuse = world.bank.call

    def taken_meanwhile(*given: Any) -> str:  # noqa: ANN401 - passed on
        world.now += 40
        world.ledger.entries[KEY] = replace(world.ledger.entries[KEY], carrier="sqs-other")
        return refuse(*given)

    replace_method(world.bank, "call", taken_meanwhile)
    assert world.batch(payment(), remaining=60) == ["sqs-m1"]
    assert world.sink.letters == []
    assert world.sink.outcomes == []


def test_an_attempt_begins_at_a_moment_that_the_ledger_can_keep() -> None:
    """Carrier and moment tell attempts apart; DynamoDB keeps six decimals of it."""
    world = World()
    world.now += 1 / 3
    world.batch(payment())
    assert world.entry().begun_at == round(world.now, 6)


@pytest.mark.parametrize("redrive_id", ["r1", None])
def test_a_final_entry_reopens_for_a_new_redrive_only(redrive_id: str | None) -> None:
    world = World()
    world.bank.script = ["402"]
    world.batch(payment())
    again = payment(carrier="sqs-2", attributes={"redrive_id": redrive_id} if redrive_id else None)
    assert world.batch(again) == []
    assert world.entry().status is (Status.COMPLETED if redrive_id else Status.REJECTED)
    assert len(world.bank.called) == (2 if redrive_id else 1)


def test_a_redrive_that_was_seen_is_a_duplicate() -> None:
    world = World()
    world.bank.script = ["402", "402"]
    world.batch(payment())
    for carrier in ("sqs-2", "sqs-3"):
        assert world.batch(payment(carrier=carrier, attributes={"redrive_id": "r1"})) == []
    assert len(world.bank.called) == 2


def test_what_completed_is_never_redriven() -> None:
    world = World()
    world.batch(payment())
    assert world.batch(payment(carrier="sqs-2", attributes={"redrive_id": "r1"})) == []
    assert len(world.bank.called) == 1


def test_a_redrive_of_an_unknown_outcome_asks_the_bank_again() -> None:
    world = World()
    world.called_and_cut()
    world.bank.can_say = False
    world.now += RETRY.key_memory
    world.batch(payment())
    world.bank.can_say = True
    assert world.batch(payment(carrier="sqs-2", attributes={"redrive_id": "r1"})) == []
    assert world.entry().status is Status.COMPLETED
    assert len(world.bank.called) == 1
    assert world.sink.outcomes[-1].redrive_id == "r1"
