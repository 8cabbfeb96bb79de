"""One transaction comes to its end, once."""

import pytest

from handlers.common.errors import InvalidMessage
from handlers.common.ledger.entries import Status
from handlers.common.messages.delivery import direct
from handlers.common.worker.outcomes import Outcome
from tests.replacing import replace_method
from tests.unit.handlers.common.figures import RETRY, SERVICE, TIMEOUT
from tests.unit.handlers.common.records import payment, record
from tests.unit.handlers.common.world import World

KEY = f"{SERVICE}#m1"


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


def test_what_is_booked_is_never_dead_lettered_however_often_telling_breaks() -> None:
    world = World()
    announce = world.sink.announce

    def broken_announce(outcome: Outcome, key: str) -> None:
        if key == KEY:
            raise TypeError
        announce(outcome, key)

    replace_method(world.sink, "announce", broken_announce)
    for _ in range(3 * RETRY.max_attempts):
        assert world.batch(payment()) == ["sqs-m1"]
        world.now += 100
        world.succeed()
    replace_method(world.sink, "announce", announce)
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
    replace_method(world.sink, "announce", broken_announce)
    for _ in range(3 * RETRY.max_attempts):
        assert world.batch(payment()) == ["sqs-m1"]
        world.now += 100
        world.succeed()
    replace_method(world.sink, "announce", announce)
    assert world.batch(payment()) == []
    assert world.entry().status is Status.REJECTED


def test_a_direct_invocation_that_is_refused_leaves_no_dead_letter() -> None:
    world = World()
    delivery = direct(payment(amount="-1")["body"], "request-1", "c1", world.now)
    done = world.worker.one(delivery, world.now + TIMEOUT)
    assert done.outcome is Status.REJECTED
    assert world.sink.letters == []


def test_what_was_sent_to_the_bank_once_is_not_refused_by_a_new_rule_of_ours() -> None:
    def stricter(transaction: object) -> None:
        raise InvalidMessage("new_rule", type(transaction).__name__)

    world = World()
    world.called_and_cut()
    replace_method(world.kind, "check", stricter)
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
