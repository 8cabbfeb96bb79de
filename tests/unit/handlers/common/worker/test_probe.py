"""What a probe finds: well, unwell, empty or undecided."""

from typing import Any

import pytest

from handlers.common.bank.key import BankKey
from handlers.common.circuit.events import Probed, Verdict
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.state import State
from handlers.common.errors import AwsUnavailable, BankUnavailable, Cause, Misconfigured
from handlers.common.ledger.entries import Status
from handlers.common.messages.delivery import Delivery
from tests.replacing import replace_method
from tests.unit.handlers.common.figures import SERVICE
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.worker.probing import LEASE, Queue, opened, probed
from tests.unit.handlers.rules import FIRST_FAILURE


def test_a_message_that_the_bank_takes_makes_it_well() -> None:
    world, queue = opened(), Queue(payment("m1"), payment("m2"))
    result = probed(world, queue)
    assert result.verdict is Verdict.WELL
    assert result.sent_at == 1_000_000
    assert queue.deleted == ["sqs-m1"]
    assert len(queue.waiting) == 1
    assert world.circuit.state is State.OPEN


def test_the_banks_no_to_a_customer_makes_it_well_too() -> None:
    world, queue = opened(), Queue(payment())
    world.bank.script = ["402"]
    assert probed(world, queue).verdict is Verdict.WELL
    assert queue.deleted == ["sqs-m1"]


def test_a_payment_that_waits_for_its_account_makes_it_well_too() -> None:
    """It was the bank that said so; where nothing else waits, nobody else would ever say."""
    world, queue = opened(wait_for_account=True), Queue(payment())
    world.bank.script = ["no_account"]
    assert probed(world, queue).verdict is Verdict.WELL
    assert queue.deleted == []
    assert world.entry().status is Status.WAITING
    assert world.sink.hidden == [("receipt-sqs-m1", 1.0)]


@pytest.mark.parametrize("jitter", [0.0, 0.99])
@pytest.mark.parametrize("how", ["500", "429"])
def test_a_failing_message_makes_it_unwell_and_waits_beyond_the_next_probe(
    how: str, jitter: float
) -> None:
    world, queue = opened(), Queue(payment("m1"), payment("m2", customer="c2"))
    circuit = world.circuit
    world.bank.script = [how]
    result = probed(world, queue, jitter=jitter)
    verdict = Probed(generation=1, verdict=Verdict.UNWELL, cool_down=result.cool_down)
    longer = Machine(FIRST_FAILURE, lambda: 0.5).after(circuit, verdict, world.now)
    assert result.verdict is Verdict.UNWELL
    assert longer is not None
    ((receipt, hidden),) = world.sink.hidden
    assert receipt == "receipt-sqs-m1"
    assert hidden == pytest.approx(longer.retry_at - world.now + FIRST_FAILURE.turn)
    assert len(world.bank.called) == 1
    assert world.sink.trips == []


def test_after_an_unwell_probe_the_bank_is_left_alone_for_as_long_as_it_asks() -> None:
    world = opened()
    world.bank.script = ["429"]
    assert probed(world, Queue(payment())).cool_down == FIRST_FAILURE.cool_down_cap


def test_an_unwell_probe_says_what_kind_of_failure_it_met() -> None:
    world = opened()
    world.bank.script = ["500"]
    assert probed(world, Queue(payment())).cause is Cause.UNAVAILABLE

    def refuses() -> None:
        raise Misconfigured("the bank answered 401")

    replace_method(world.bank, "check_health", refuses)
    assert probed(world, Queue(payment("m2"))).cause is Cause.MISCONFIGURED


def test_the_banks_key_is_read_anew_for_it_may_be_what_broke() -> None:
    world, read = opened(), list[str]()

    class Secrets:
        def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803 - AWS's own
            read.append(SecretId)
            return {"SecretString": "key"}

    secrets: Any = Secrets()
    key = BankKey(secrets, "bank")
    key.value()
    replace_method(world.bank, "check_health", key.value)
    probed(world, Queue(), key=key)
    assert read == ["bank", "bank"]


def test_an_unwell_bank_is_sent_no_message() -> None:
    def unwell() -> None:
        raise BankUnavailable("the bank answered 503")

    world, queue = opened(), Queue(payment())
    replace_method(world.bank, "check_health", unwell)
    assert probed(world, queue).verdict is Verdict.UNWELL
    assert queue.waits == []


def test_no_message_is_empty() -> None:
    assert probed(opened(), Queue()).verdict is Verdict.EMPTY


@pytest.mark.parametrize(("generation", "lease"), [(0, LEASE), (2, LEASE), (1, "manager-2")])
def test_a_probe_that_comes_late_or_from_elsewhere_calls_nobody(
    generation: int, lease: str
) -> None:
    world, queue = opened(), Queue(payment())
    result = probed(world, queue, generation=generation, lease=lease)
    assert result.verdict is Verdict.UNDECIDED
    assert queue.waits == world.bank.called == []


def test_a_hold_between_receive_and_call_stops_the_probe() -> None:
    world = opened()

    class Held(Queue):
        def receive(self, wait: float) -> Delivery | None:
            before = world.circuit
            held = before.__class__(service=SERVICE, state=State.HELD, generation=2)
            world.store.write(before, held)
            return super().receive(wait)

    assert probed(world, Held(payment())).verdict is Verdict.UNDECIDED
    assert world.bank.called == []
    assert world.sink.hidden == [("receipt-sqs-m1", FIRST_FAILURE.drain_time)]


def test_a_message_that_cannot_be_deleted_has_still_ended() -> None:
    class Broken(Queue):
        def delete(self, delivery: Delivery) -> None:
            raise AwsUnavailable(f"deleting {delivery.carrier} failed")

    world = opened()
    assert probed(world, Broken(payment())).verdict is Verdict.UNWELL
    assert world.entry().status is Status.COMPLETED
