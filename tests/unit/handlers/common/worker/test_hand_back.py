"""What is unavailable costs the message nothing: it goes back as it came."""

import pytest

from handlers.common.circuit.state import State
from handlers.common.ledger.entries import Status
from tests.replacing import replace_method
from tests.unit.handlers.common.figures import RETRY, SERVICE
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.tap import Fault
from tests.unit.handlers.common.world import World
from tests.unit.handlers.rules import FIRST_FAILURE


@pytest.mark.parametrize("how", ["500", "429", "refused", "booked, then cut"])
def test_an_unavailable_bank_costs_no_attempt(how: str) -> None:
    world = World()
    for _ in range(10):
        world.bank.script = [how]
        assert world.batch(payment()) == ["sqs-m1"]
        world.now += 100
    assert world.entry().attempt == 0
    assert world.entry().status is Status.WAITING
    assert world.sink.letters == []


def test_only_a_call_that_was_sent_is_remembered_as_one() -> None:
    world = World()
    world.bank.script = ["refused"]
    world.batch(payment())
    assert world.entry().called_at is None
    world.bank.script = ["500"]
    world.batch(payment())
    assert world.entry().called_at == world.now


@pytest.mark.parametrize("how", ["500", "no key", "defect"])
def test_the_first_failure_opens_the_circuit_unless_it_is_the_messages_own(how: str) -> None:
    world = World(FIRST_FAILURE)
    world.bank.script = [how]
    assert world.batch(payment()) == ["sqs-m1"]
    opened = world.circuit.state is State.OPEN
    assert opened is (how != "defect")
    assert len(world.sink.trips) == opened
    assert world.sink.letters == []


def test_no_call_follows_a_ledger_that_took_the_time() -> None:
    """It would be cut off in the middle, and count as a crash against the message."""
    world = World()
    world.slow(world.ledger, "begin", 8)
    assert world.batch(payment(), remaining=20) == ["sqs-m1"]
    assert world.bank.called == []
    assert (world.entry().attempt, world.entry().called_at) == (0, None)


def test_no_call_follows_an_inquiry_that_took_the_time() -> None:
    world = World()
    world.bank.script = ["500"]
    world.batch(payment())
    world.now += RETRY.key_memory
    world.slow(world.bank, "inquire", 10)
    assert world.batch(payment(), remaining=20) == ["sqs-m1"]
    assert len(world.bank.called) == 1


def test_an_open_circuit_hands_back_untouched() -> None:
    world = World(FIRST_FAILURE)
    world.trip()
    assert world.batch(payment(), payment("m2", customer="c2")) == ["sqs-m1", "sqs-m2"]
    assert world.ledger.entries == {}
    assert world.bank.called == []
    assert world.sink.hidden == [("receipt-sqs-m1", 30.0), ("receipt-sqs-m2", 30.0)]


def test_without_the_ledger_the_bank_is_not_called() -> None:
    world = World()
    world.tap.faults = [Fault(2, after=False, kill=False)]
    assert world.batch(payment()) == ["sqs-m1"]
    assert world.bank.called == []


def test_an_entry_that_nobody_understands_is_handed_back_as_a_defect() -> None:
    world = World()

    def newer(*_: object) -> object:
        raise ValueError("an entry of a newer image, account 12345678")

    replace_method(world.ledger, "begin", newer)
    assert world.batch(payment()) == ["sqs-m1"]
    assert world.store.read(SERVICE).signs.defects == frozenset({"c1"})
    assert world.sink.hidden == [("receipt-sqs-m1", RETRY.backoff)]
