"""One transaction: which end it comes to, and what each failure costs whom."""

from typing import Any

import pytest
from msgspec.structs import replace

from handlers.common.bank.client import BankRequest
from handlers.common.circuit.events import Trip
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.state import Circuit, State
from handlers.common.errors import Cause, InvalidMessage
from handlers.common.ledger.entries import Status
from handlers.common.messages.delivery import direct
from handlers.common.messages.transactions import Payment
from handlers.common.worker.outcomes import Outcome
from tests.unit.handlers.common.world import (
    RETRY,
    SERVICE,
    TIMEOUT,
    Fault,
    Killed,
    World,
    payment,
    record,
)
from tests.unit.handlers.rules import FIRST_FAILURE

KEY = f"{SERVICE}#m1"


def broken_off(part: object, method: str, by: Any) -> None:  # noqa: ANN401 - whatever the test puts there
    """Puts something else in place of a method."""
    setattr(part, method, by)


def test_a_payment_completes_with_its_fee_and_the_banks_reference() -> None:
    world = World()
    assert world.batch(payment(amount="120.00")) == []
    (outcome,) = world.sink.outcomes
    assert outcome.outcome is Status.COMPLETED
    assert (outcome.amount, outcome.fee, outcome.reference) == ("120.00", "3.00", "ref-0")
    assert world.entry().status is Status.COMPLETED
    assert world.sink.letters == []


@pytest.mark.parametrize("script", ["402", "no_account"])
def test_the_banks_no_is_final(script: str) -> None:
    world = World()
    world.bank.script = [script]
    assert world.batch(payment()) == []
    ((delivery, entry),) = world.sink.letters
    assert delivery.carrier == "sqs-m1"
    assert entry.end is Status.REJECTED
    assert world.sink.outcomes[0].outcome is Status.REJECTED
    assert world.bank.called == [KEY]


def test_a_payment_waits_for_its_account_where_the_settings_say_so() -> None:
    world = World(wait_for_account=True)
    world.now = 1_000_100.0
    world.bank.script = ["no_account"]
    waiting = payment()
    waiting["attributes"]["SentTimestamp"] = str(1_000_000_000)
    assert world.batch(waiting) == ["sqs-m1"]
    assert world.entry().attempt == 0
    assert world.entry().called_at is None
    assert world.batch(waiting) == []
    assert world.entry().status is Status.COMPLETED


def test_a_payment_does_not_wait_for_its_account_forever() -> None:
    world = World(wait_for_account=True)
    world.now = 1_000_000 + 24 * 3600 + 1
    world.bank.script = ["no_account"]
    assert world.batch(payment()) == []
    assert world.entry().code == "account_not_found"


def test_a_duplicate_is_deleted_without_a_call() -> None:
    world = World()
    world.batch(payment())
    assert world.batch(payment(carrier="sqs-again")) == []
    assert len(world.bank.called) == len(world.sink.outcomes) == 1


def test_the_same_id_with_another_body_is_refused_and_told_apart() -> None:
    world = World()
    world.batch(payment(amount="1"))
    assert world.batch(payment(amount="2", carrier="sqs-other")) == []
    assert world.entry().status is Status.COMPLETED
    assert world.entry("carrier sqs-other").code == "id_reused"
    assert world.sink.keys == [KEY, f"{SERVICE}#carrier sqs-other"]


@pytest.mark.parametrize("amount", ["120", "120.0", 120, 120.0, "1.2e2"])
def test_the_same_amount_written_otherwise_is_the_same_transaction(amount: object) -> None:
    world = World()
    world.batch(payment(amount="120.00"))
    assert world.batch(payment(amount=amount, carrier="sqs-again", timestamp="later")) == []
    assert len(world.bank.called) == 1
    assert len(world.sink.letters) == 0


def test_two_carriers_at_once_make_one_call() -> None:
    world = World()
    killed(world)
    world.now -= 200
    assert world.batch(payment(carrier="sqs-other")) == ["sqs-other"]
    assert world.bank.called == []
    assert world.sink.hidden == [("receipt-sqs-other", 32.0)]


def test_a_lease_that_ran_out_is_taken_over() -> None:
    world = World()
    killed(world)
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

    broken_off(world.bank, "call", taken_meanwhile)
    assert world.batch(payment(), remaining=60) == ["sqs-m1"]
    assert world.sink.letters == []
    assert world.sink.outcomes == []


# What is unavailable costs the message nothing.


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
    opened = world.store.read(SERVICE).circuit.state is State.OPEN
    assert opened is (how != "defect")
    assert len(world.sink.trips) == opened
    assert world.sink.letters == []


# Outcome unknown.


def called_and_cut(world: World) -> None:
    world.bank.script = ["booked, then cut"]
    assert world.batch(payment()) == ["sqs-m1"]


def test_within_the_keys_memory_the_call_is_repeated() -> None:
    world = World()
    called_and_cut(world)
    world.now += RETRY.key_memory - RETRY.bank_timeout - 2
    assert world.batch(payment()) == []
    assert world.bank.inquired == []
    assert world.bank.booked == [KEY]


def test_beyond_the_keys_memory_the_bank_is_asked_first() -> None:
    world = World()
    called_and_cut(world)
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
    called_and_cut(world)
    world.bank.can_say = False
    world.now += RETRY.key_memory
    assert world.batch(payment()) == []
    assert len(world.bank.called) == 1
    assert world.entry().status is Status.OUTCOME_UNKNOWN
    assert world.sink.letters[0][1].end is Status.OUTCOME_UNKNOWN


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


def test_a_fee_that_changed_between_two_calls_is_no_rejection() -> None:
    world = World()
    called_and_cut(world)
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

    broken_off(world.kind, "request", broken)
    world.batch(payment())
    assert world.entry().called_at is None
    broken_off(world.kind, "request", request)
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

    broken_off(world.bank, "call", broken)
    assert world.batch(payment()) == ["sqs-m1"]
    broken_off(world.bank, "call", call)
    world.now += 2 * RETRY.key_memory
    assert world.batch(payment()) == []
    assert world.entry().status is Status.COMPLETED
    assert world.bank.booked == [KEY]


def test_a_defect_in_noting_the_banks_yes_does_not_forget_the_call() -> None:
    world = World()
    succeeded = world.gate.succeeded

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    broken_off(world.gate, "succeeded", broken)
    assert world.batch(payment()) == ["sqs-m1"]
    broken_off(world.gate, "succeeded", succeeded)
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

    broken_off(world.kind, "request", broken)
    for _ in range(RETRY.max_attempts - 1):
        assert world.batch(payment()) == ["sqs-m1"]
        world.now += 100
    world.succeed()
    if failing:
        world.tap.faults = [Fault(0, after=False, kill=False, on=failing)]
        assert world.batch(payment()) == ["sqs-m1"]
        world.tap.faults.clear()
    assert world.batch(payment()) == []
    assert world.entry().status is Status.DEAD_LETTERED
    broken_off(world.kind, "request", request)
    world.bank.can_say = False
    world.now += 2 * RETRY.key_memory
    assert world.batch(payment(carrier="sqs-2", attributes={"redrive_id": "r1"})) == []
    assert world.entry().status is Status.COMPLETED


# The message's own budget.


def broken(world: World, times: int, customer: str = "c1") -> None:
    world.bank.always[customer] = "defect"
    for _ in range(times):
        assert world.batch(payment(customer=customer)) == ["sqs-m1"]
        world.now += 100


def test_a_defect_is_dead_lettered_after_its_attempts_if_another_succeeded_since() -> None:
    world = World()
    broken(world, RETRY.max_attempts - 1)
    world.succeed()
    assert world.batch(payment()) == []
    ((_, entry),) = world.sink.letters
    assert (entry.end, entry.code, entry.detail) == (
        Status.DEAD_LETTERED,
        "defect",
        "ZeroDivisionError",
    )
    assert world.sink.outcomes[-1].outcome is Status.DEAD_LETTERED


def test_a_defect_is_never_dead_lettered_while_nobody_succeeds() -> None:
    world = World()
    broken(world, 10 * RETRY.max_attempts)
    assert world.sink.letters == []


def test_a_bad_deployment_drains_nothing_once_it_is_mended() -> None:
    world = World()
    customers = [f"c{n}" for n in range(6)]
    for _ in range(RETRY.max_attempts * 2 + 1):
        for customer in customers:
            world.bank.always[customer] = "defect"
            world.batch(payment(f"m-{customer}", customer=customer))
            world.now += 10
        circuit = world.store.read(SERVICE).circuit
        if circuit.state is State.OPEN:
            assert circuit.cause is Cause.DEFECT
            closed = Circuit(service=SERVICE, generation=circuit.generation + 1)
            assert world.store.write(circuit, closed)
    assert world.sink.letters == []
    world.bank.always.clear()
    world.now += 100
    for customer in customers:
        assert world.batch(payment(f"m-{customer}", customer=customer)) == []
    assert world.sink.letters == []


def killed(world: World, message: dict[str, Any] | None = None) -> None:
    world.tap.faults = [Fault(0, after=False, kill=True, on="bank.call")]
    with pytest.raises(Killed):
        world.batch(message or payment())
    world.tap.faults = []
    world.start()
    world.now += 200


def test_crashes_are_counted_and_the_message_gets_one_more_try() -> None:
    world = World()
    for _ in range(RETRY.max_attempts + 1):
        world.succeed()
        killed(world)
    world.succeed()
    called = len(world.bank.called)
    assert world.batch(payment()) == []
    assert len(world.bank.called) == called
    assert world.entry().status is Status.DEAD_LETTERED
    assert world.entry().code == "crashed"


def test_crashes_on_several_customers_open_the_circuit_at_the_second_of_each() -> None:
    """One alone may be a hand-back that was lost."""
    world = World()
    for opened in (False, False, True):
        for customer in ("c1", "c2"):
            assert world.store.read(SERVICE).circuit.state is State.CLOSED
            killed(world, payment(f"m-{customer}", customer=customer))
        assert (world.store.read(SERVICE).circuit.cause is Cause.DEFECT) is opened


def test_who_succeeds_while_crashes_are_counted_anew_is_not_forgotten() -> None:
    world = World()
    for _ in range(RETRY.max_attempts + 1):
        killed(world)
    world.succeed()
    for _ in range(RETRY.max_attempts):
        killed(world)
    assert world.batch(payment()) == []
    assert world.entry().code == "crashed"


def test_crashes_of_everybody_are_nobodys_fault() -> None:
    world = World()
    for _ in range(3 * RETRY.max_attempts):
        killed(world)
    world.succeed()
    assert world.batch(payment()) == []
    assert world.entry().status is Status.COMPLETED


def test_failures_of_a_time_when_nobody_succeeded_are_counted_anew() -> None:
    world = World()
    broken(world, 4 * RETRY.max_attempts)
    world.bank.always.clear()
    world.succeed()
    killed(world)
    world.succeed()
    assert world.batch(payment()) == []
    assert world.entry().status is Status.COMPLETED


def test_what_is_booked_is_never_dead_lettered_however_often_telling_breaks() -> None:
    world = World()
    announce = world.sink.announce

    def broken_announce(outcome: Outcome, key: str) -> None:
        if key == KEY:
            raise TypeError
        announce(outcome, key)

    broken_off(world.sink, "announce", broken_announce)
    for _ in range(3 * RETRY.max_attempts):
        assert world.batch(payment()) == ["sqs-m1"]
        world.now += 100
        world.succeed()
    broken_off(world.sink, "announce", announce)
    assert world.batch(payment()) == []
    assert world.entry().status is Status.COMPLETED
    assert world.bank.called.count(KEY) == 1
    assert world.sink.letters == []


def test_what_was_refused_stays_refused_however_often_telling_breaks() -> None:
    world = World()
    announce = world.sink.announce

    def broken_announce(outcome: Outcome, key: str) -> None:
        if key == KEY:
            raise TypeError
        announce(outcome, key)

    world.bank.script = ["402"]
    broken_off(world.sink, "announce", broken_announce)
    for _ in range(3 * RETRY.max_attempts):
        assert world.batch(payment()) == ["sqs-m1"]
        world.now += 100
        world.succeed()
    broken_off(world.sink, "announce", announce)
    assert world.batch(payment()) == []
    assert world.entry().status is Status.REJECTED


def test_a_direct_invocation_that_is_refused_leaves_no_dead_letter() -> None:
    world = World()
    delivery = direct(payment(amount="-1")["body"], "request-1", "c1", world.now)
    done = world.worker.one(delivery, world.now + TIMEOUT)
    assert done.outcome is Status.REJECTED
    assert world.sink.letters == []


def test_an_attempt_begins_at_a_moment_that_the_ledger_can_keep() -> None:
    """Carrier and moment tell attempts apart; DynamoDB keeps six decimals of it."""
    world = World()
    world.now += 1 / 3
    world.batch(payment())
    assert world.entry().begun_at == round(world.now, 6)


# Suspects.


def test_a_suspects_next_failure_is_its_own_and_the_circuit_stays_closed() -> None:
    world = World(replace(FIRST_FAILURE, consecutive_failures=2))
    world.bank.always["c1"] = "500"
    assert world.batch(payment()) == ["sqs-m1"]
    world.succeed()
    for _ in range(RETRY.max_attempts - 1):
        world.now += 100
        assert world.batch(payment()) == ["sqs-m1"]
        world.succeed()
    world.now += 100
    assert world.batch(payment()) == []
    assert world.entry().status is Status.DEAD_LETTERED
    assert world.entry().code == "bank_failure"
    assert world.sink.trips == []


def test_a_lone_failing_message_is_no_suspect() -> None:
    world = World()
    world.bank.always["c1"] = "500"
    for _ in range(3 * RETRY.max_attempts):
        assert world.batch(payment()) == ["sqs-m1"]
        world.now += 100
    assert world.sink.letters == []
    assert world.entry().attempt == 0


# Redrive.


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
    called_and_cut(world)
    world.bank.can_say = False
    world.now += RETRY.key_memory
    world.batch(payment())
    world.bank.can_say = True
    assert world.batch(payment(carrier="sqs-2", attributes={"redrive_id": "r1"})) == []
    assert world.entry().status is Status.COMPLETED
    assert len(world.bank.called) == 1
    assert world.sink.outcomes[-1].redrive_id == "r1"


# The circuit.


def opened(world: World) -> None:
    circuit = world.store.read(SERVICE).circuit
    trip = Trip(generation=0, cause=Cause.UNAVAILABLE, why="broken", who="other")
    after = Machine(FIRST_FAILURE, lambda: 0.0).after(circuit, trip, world.now)
    assert after is not None
    assert world.store.write(circuit, after)


def test_an_open_circuit_hands_back_untouched() -> None:
    world = World(FIRST_FAILURE)
    opened(world)
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

    broken_off(world.ledger, "begin", newer)
    assert world.batch(payment()) == ["sqs-m1"]
    assert world.store.read(SERVICE).signs.defects == frozenset({"c1"})
    assert world.sink.hidden == [("receipt-sqs-m1", RETRY.backoff)]


def test_what_was_sent_to_the_bank_once_is_not_refused_by_a_new_rule_of_ours() -> None:
    def stricter(transaction: object) -> None:
        raise InvalidMessage("new_rule", type(transaction).__name__)

    world = World()
    called_and_cut(world)
    broken_off(world.kind, "check", stricter)
    assert world.batch(payment()) == []
    assert world.entry().status is Status.COMPLETED
    assert world.batch(payment("m2")) == []
    assert world.entry("m2").code == "new_rule"


def test_an_unreadable_message_is_told_of_under_the_customer_of_its_group() -> None:
    world = World()
    assert world.batch(record("no JSON", carrier="sqs-9", group="c9")) == []
    (outcome,) = world.sink.outcomes
    assert (outcome.message_id, outcome.customer_id) == ("sqs-9", "c9")
    assert outcome.reason is not None
    assert outcome.reason.code == "unreadable_message"
