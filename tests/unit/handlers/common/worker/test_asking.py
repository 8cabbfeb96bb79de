"""A call of unknown outcome is repeated while the bank remembers its key, then asked about."""

import pytest

from handlers.common.bank.client import BankRequest
from handlers.common.ledger.entries import Status
from handlers.common.messages.transactions import Payment
from tests.replacing import replace_method
from tests.unit.handlers.common.figures import RETRY, SERVICE
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.world import World

KEY = f"{SERVICE}#m1"


def test_within_the_keys_memory_the_call_is_repeated() -> None:
    world = World()
    world.called_and_cut()
    world.now += RETRY.key_memory - RETRY.bank_timeout - 2
    assert world.batch(payment()) == []
    assert world.bank.inquired == []
    assert world.bank.booked == [KEY]


def test_beyond_the_keys_memory_the_bank_is_asked_first() -> None:
    world = World()
    world.called_and_cut()
    world.now += RETRY.key_memory - RETRY.bank_timeout - 1
    assert world.batch(payment()) == []
    assert world.bank.inquired == [KEY]
    assert len(world.bank.called) == 1
    assert world.sink.outcomes[0].reference == "ref-0"


def test_what_the_bank_never_booked_is_called_again() -> None:
    world = World()
    world.bank.script = ["500"]
    world.batch(payment())
    world.now += RETRY.key_memory
    assert world.batch(payment()) == []
    assert world.bank.inquired == world.bank.booked == [KEY]


def test_what_the_bank_cannot_say_is_never_called_again() -> None:
    world = World()
    world.called_and_cut()
    world.bank.can_say = False
    world.now += RETRY.key_memory
    assert world.batch(payment()) == []
    assert len(world.bank.called) == 1
    assert world.entry().status is Status.OUTCOME_UNKNOWN
    assert world.sink.letters[0][1].end is Status.OUTCOME_UNKNOWN


def test_a_fee_that_changed_between_two_calls_is_no_rejection() -> None:
    world = World()
    world.called_and_cut()
    world.bank.script = ["key_reused"]
    assert world.batch(payment()) == []
    assert world.bank.inquired == [KEY]
    assert world.entry().status is Status.COMPLETED


def test_a_key_that_somebody_else_used_is_a_rejection() -> None:
    world = World()
    world.bank.script = ["key_reused"]
    assert world.batch(payment()) == []
    assert world.entry().code == "idempotency_key_reused"


def test_a_defect_before_the_call_leaves_nothing_unknown() -> None:
    world = World()
    request = world.kind.request

    def broken(transaction: Payment) -> object:
        raise KeyError(transaction.message_id)

    replace_method(world.kind, "request", broken)
    world.batch(payment())
    assert world.entry().called_at is None
    replace_method(world.kind, "request", request)
    world.bank.can_say = False
    world.now += 2 * RETRY.key_memory
    assert world.batch(payment()) == []
    assert world.entry().status is Status.COMPLETED


def test_a_defect_after_the_call_does_not_forget_it() -> None:
    """A bad deployment may last longer than the bank's memory."""
    world = World()
    call = world.bank.call

    def broken(request: BankRequest, key: str) -> str:
        call(request, key)
        raise ZeroDivisionError

    replace_method(world.bank, "call", broken)
    assert world.batch(payment()) == ["sqs-m1"]
    replace_method(world.bank, "call", call)
    world.now += 2 * RETRY.key_memory
    assert world.batch(payment()) == []
    assert world.entry().status is Status.COMPLETED
    assert world.bank.booked == [KEY]


def test_a_defect_in_noting_the_banks_yes_does_not_forget_the_call() -> None:
    world = World()
    succeeded = world.gate.succeeded

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    replace_method(world.gate, "succeeded", broken)
    assert world.batch(payment()) == ["sqs-m1"]
    replace_method(world.gate, "succeeded", succeeded)
    world.now += 2 * RETRY.key_memory
    assert world.batch(payment()) == []
    assert world.bank.booked == [KEY]


@pytest.mark.parametrize("failing", [None, "letters.send", "outcomes.announce"])
def test_what_was_set_aside_without_a_call_is_redriven_without_a_question(
    failing: str | None,
) -> None:
    """Also where the bank can say nothing about keys of days ago."""
    world = World()
    request = world.kind.request

    def broken(transaction: Payment) -> object:
        if transaction.message_id == "m1":
            raise ZeroDivisionError
        return request(transaction)

    replace_method(world.kind, "request", broken)
    for _ in range(RETRY.max_attempts - 1):
        assert world.batch(payment()) == ["sqs-m1"]
        world.now += 100
    world.succeed()
    if failing:
        world.tap.fail(failing)
        assert world.batch(payment()) == ["sqs-m1"]
        world.tap.faults.clear()
    assert world.batch(payment()) == []
    assert world.entry().status is Status.DEAD_LETTERED
    replace_method(world.kind, "request", request)
    world.bank.can_say = False
    world.now += 2 * RETRY.key_memory
    assert world.batch(payment(carrier="sqs-2", attributes={"redrive_id": "r1"})) == []
    assert world.entry().status is Status.COMPLETED
