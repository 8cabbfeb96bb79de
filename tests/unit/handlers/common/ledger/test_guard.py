"""A ledger that was brought back to an older moment pays nothing twice: docs/restore.md, played."""

import pytest

from handlers.common.circuit.events import Verdict
from handlers.common.errors import Cause, InvalidMessage
from handlers.common.ledger.entries import Status
from handlers.common.ledger.guard import LOOK_AGAIN
from tests.replacing import replace_method
from tests.unit.handlers.common.figures import SERVICE
from tests.unit.handlers.common.ledger.restored import DAY, Restored, lost, repeated
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.worker.probing import Queue, probed


def test_without_the_guard_what_the_ledger_has_forgotten_is_paid_twice() -> None:
    restored = lost(guarded=False)

    repeated(restored, "m2", "c2")

    assert restored.world.bank.booked.count(f"{SERVICE}#m2") == 2


@pytest.mark.parametrize("again", [False, True], ids=["process goes on", "new process"])
def test_until_someone_says_what_it_knows_nothing_is_begun(*, again: bool) -> None:
    restored = lost()
    if again:
        restored.restart()
    calls = len(restored.world.bank.called)

    assert repeated(restored, "m2", "c2") == ["again-m2"]

    assert len(restored.world.bank.called) == calls
    (trip,) = restored.world.sink.trips
    assert trip.cause is Cause.MISCONFIGURED
    assert "table second" in trip.why


def test_until_then_no_probe_of_a_message_lets_the_circuit_close() -> None:
    restored = lost()
    repeated(restored, "m2", "c2")

    result = probed(restored.world, Queue(payment("m2", customer="c2", carrier="again-m2")))

    assert (result.verdict, result.cause) == (Verdict.UNWELL, Cause.MISCONFIGURED)


def test_what_was_paid_after_the_moment_is_found_at_the_bank() -> None:
    restored = lost()
    repeated(restored, "m2", "c2")
    restored.say_so()

    assert repeated(restored, "m2", "c2") == []

    assert restored.world.bank.booked.count(f"{SERVICE}#m2") == 1
    assert restored.world.bank.inquired == [f"{SERVICE}#m2"]
    assert restored.status("m2") is Status.COMPLETED


@pytest.mark.parametrize(("wrong_by", "paid"), [(-DAY, 1), (2 * DAY, 2)], ids=["early", "late"])
def test_a_moment_that_is_wrong_is_safe_if_it_is_too_early_and_not_if_it_is_too_late(
    wrong_by: float, paid: int
) -> None:
    restored = lost()
    repeated(restored, "m2", "c2")
    restored.say_so(wrong_by)

    assert repeated(restored, "m2", "c2") == []

    assert restored.world.bank.booked.count(f"{SERVICE}#m2") == paid


def test_what_was_paid_before_the_moment_is_known_without_asking() -> None:
    restored = lost()
    repeated(restored, "m2", "c2")
    restored.say_so()

    assert repeated(restored, "m1", "c1") == []

    assert restored.world.bank.inquired == []


def test_what_is_new_is_paid_once_after_the_bank_has_said_that_it_is() -> None:
    restored = lost()
    repeated(restored, "m2", "c2")
    restored.say_so()

    assert restored.world.batch(payment("m3", customer="c3")) == []

    assert restored.world.bank.inquired == [f"{SERVICE}#m3"]
    assert restored.world.bank.booked.count(f"{SERVICE}#m3") == 1


def test_what_is_new_and_breaks_our_own_rules_is_refused_as_ever() -> None:
    restored = lost()
    repeated(restored, "m2", "c2")
    restored.say_so()

    def refuse(transaction: object) -> None:
        raise InvalidMessage("invalid_routing_number", type(transaction).__name__)

    replace_method(restored.world.kind, "check", refuse)
    restored.world.start()

    assert restored.world.batch(payment("m3", customer="c3")) == []

    assert restored.status("m3") is Status.REJECTED
    assert restored.world.bank.inquired == []


def test_what_the_bank_cannot_say_is_left_to_people_and_not_paid() -> None:
    restored = lost()
    repeated(restored, "m2", "c2")
    restored.say_so()
    restored.world.bank.can_say = False

    assert repeated(restored, "m2", "c2") == []

    assert restored.world.bank.booked.count(f"{SERVICE}#m2") == 1
    assert restored.status("m2") is Status.OUTCOME_UNKNOWN


def test_a_rejection_that_was_redriven_and_paid_is_not_paid_again() -> None:
    restored = Restored()
    restored.world.bank.script = ["402"]
    restored.world.batch(payment("m1"))
    restored.keep()
    restored.world.now += 60
    redriven = payment("m1", carrier="redriven", attributes={"redrive_id": "letter-1"})
    assert restored.world.batch(redriven) == []
    restored.world.now += 2 * DAY
    restored.bring_back()
    restored.world.batch(redriven)
    restored.say_so()

    restored.world.batch(redriven)

    assert restored.world.bank.booked == [f"{SERVICE}#m1"]
    assert restored.status("m1") is Status.COMPLETED


def test_the_table_is_looked_at_now_and_then_not_for_every_message() -> None:
    restored = Restored()
    for number in range(5):
        restored.world.batch(payment(f"n{number}", customer=f"c{number}"))
    assert restored.tables.looks == 1

    restored.world.now += LOOK_AGAIN
    restored.world.batch(payment("last", customer="c-last"))

    assert restored.tables.looks == 2
