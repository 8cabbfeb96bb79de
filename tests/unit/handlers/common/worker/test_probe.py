"""A probe: checked, the bank's health first, then one real message."""

from typing import Any

import pytest

from handlers.common.bank.key import BankKey
from handlers.common.circuit.events import Probed, Trip, Verdict
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.probes import ProbeAnswer, ProbeRequest
from handlers.common.circuit.state import State
from handlers.common.errors import AwsUnavailable, BankUnavailable, Cause, Misconfigured
from handlers.common.ledger.entries import Status
from handlers.common.messages.delivery import Delivery, from_event
from handlers.common.worker.probe import (
    CANDIDATES,
    Probe,
    SqsSource,
)
from tests.unit.handlers.common.pretended_aws import Aws
from tests.unit.handlers.common.world import SERVICE, VISIBILITY, Fault, Killed, World, payment
from tests.unit.handlers.rules import FIRST_FAILURE

LEASE = "manager-1"


class Queue:
    """The worker's queue, as a probe sees it."""

    def __init__(self, *records: dict[str, Any]) -> None:
        self.waiting = [from_event(record) for record in records]
        self.deleted: list[str] = []
        self.waits: list[float] = []

    def receive(self, wait: float) -> Delivery | None:
        self.waits.append(wait)
        return self.waiting.pop(0) if self.waiting else None

    def delete(self, delivery: Delivery) -> None:
        self.deleted.append(delivery.carrier)


def opened(*, wait_for_account: bool = False) -> World:
    world = World(FIRST_FAILURE, wait_for_account=wait_for_account)
    before = world.store.read(SERVICE).circuit
    trip = Trip(generation=0, cause=Cause.UNAVAILABLE, why="broken", who="other")
    after = Machine(FIRST_FAILURE, lambda: 0.0).after(before, trip, world.now)
    assert after is not None
    assert world.store.write(before, after)
    return world


def probed(  # noqa: PLR0913 - what a probe depends on
    world: World,
    queue: Queue,
    *,
    generation: int = 1,
    lease: str = LEASE,
    remaining: float = 60,
    jitter: float = 0.0,
    key: BankKey | None = None,
) -> ProbeAnswer:
    probe = Probe(
        world.worker,
        store=world.store,
        lease_owner=lambda _: LEASE,
        bank=world.bank,
        key=key,
        source=queue,
        hand_back=world.sink.hide,
        machine=Machine(FIRST_FAILURE, lambda: jitter),
    )
    request = ProbeRequest(service=SERVICE, generation=generation, lease=lease)
    return probe.run(request, world.now + remaining)


def test_a_message_that_the_bank_takes_makes_it_well() -> None:
    world, queue = opened(), Queue(payment("m1"), payment("m2"))
    result = probed(world, queue)
    assert result.verdict is Verdict.WELL
    assert result.sent_at == 1_000_000
    assert queue.deleted == ["sqs-m1"]
    assert len(queue.waiting) == 1
    assert world.store.read(SERVICE).circuit.state is State.OPEN


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
    circuit = world.store.read(SERVICE).circuit
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

    setattr(world.bank, "check_health", refuses)  # noqa: B010 - a method is replaced
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
    setattr(world.bank, "check_health", key.value)  # noqa: B010 - a method is replaced
    probed(world, Queue(), key=key)
    assert read == ["bank", "bank"]


def test_an_unwell_bank_is_sent_no_message() -> None:
    def unwell() -> None:
        raise BankUnavailable("the bank answered 503")

    world, queue = opened(), Queue(payment())
    setattr(world.bank, "check_health", unwell)  # noqa: B010 - a method is replaced
    assert probed(world, queue).verdict is Verdict.UNWELL
    assert queue.waits == []


def test_no_message_is_empty() -> None:
    assert probed(opened(), Queue()).verdict is Verdict.EMPTY


def test_a_duplicate_says_nothing_and_the_next_is_tried() -> None:
    world = World()
    world.batch(payment("m1"))
    other = opened()
    other.ledger.entries = world.ledger.entries
    queue = Queue(payment("m1", carrier="again"), payment("m2", customer="c2"))
    assert probed(other, queue).verdict is Verdict.WELL
    assert queue.deleted == ["again", "sqs-m2"]


def test_what_says_nothing_again_and_again_is_undecided() -> None:
    world = opened()
    for n in range(CANDIDATES):
        world.bank.always[f"c{n}"] = "defect"
    queue = Queue(*(payment(f"m{n}", customer=f"c{n}") for n in range(CANDIDATES + 1)))
    assert probed(world, queue).verdict is Verdict.UNDECIDED
    assert len(queue.waiting) == 1
    assert queue.deleted == []
    assert len(world.sink.hidden) == CANDIDATES


def suspected(world: World) -> None:
    """Customer c1's message breaks the bank while others succeed."""
    world.bank.always["c1"] = "500"
    probed(world, Queue(payment("m1")))
    world.now += 1
    assert probed(world, Queue(payment("m0", customer="c0"))).verdict is Verdict.WELL


def test_a_suspect_is_left_alone_while_others_wait() -> None:
    world = opened()
    suspected(world)
    called = len(world.bank.called)
    queue = Queue(payment("m1"), payment("m2", customer="c2"))
    assert probed(world, queue).verdict is Verdict.WELL
    assert world.bank.called[called:] == [f"{SERVICE}#m2"]
    assert world.sink.hidden[-1] == ("receipt-sqs-m1", FIRST_FAILURE.turn)
    assert world.ledger.entries[f"{SERVICE}#m1"].status is Status.WAITING


def test_a_suspect_is_tried_where_nobody_else_waits() -> None:
    world = opened()
    suspected(world)
    world.bank.always.clear()
    assert probed(world, Queue(payment("m1"))).verdict is Verdict.WELL


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
            before = world.store.read(SERVICE).circuit
            held = before.__class__(service=SERVICE, state=State.HELD, generation=2)
            world.store.write(before, held)
            return super().receive(wait)

    assert probed(world, Held(payment())).verdict is Verdict.UNDECIDED
    assert world.bank.called == []
    assert world.sink.hidden == [("receipt-sqs-m1", FIRST_FAILURE.drain_time)]


def test_a_probe_with_little_time_left_takes_no_message() -> None:
    queue = Queue(payment())
    assert probed(opened(), queue, remaining=12.9).verdict is Verdict.EMPTY
    assert queue.waits == []


def test_a_message_that_cannot_be_deleted_has_still_ended() -> None:
    class Broken(Queue):
        def delete(self, delivery: Delivery) -> None:
            raise AwsUnavailable(f"deleting {delivery.carrier} failed")

    world = opened()
    assert probed(world, Broken(payment())).verdict is Verdict.UNWELL
    assert world.entry().status is Status.COMPLETED


PROBES = (
    "circuit.read",
    "secret",
    "ledger.begin",
    "bank.call",
    "outcomes.announce",
    "ledger.write",
)
"""Calls of a worker whose probe's message the bank takes."""


def test_the_steps_of_a_probe_are_those_of_any_message() -> None:
    world = opened()
    probed(world, Queue(payment()))
    assert [call for call in world.tap.calls if call != "circuit.note_success"] == list(PROBES)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", PROBES)
def test_a_probe_that_dies_at_any_step_is_made_good_by_the_next_one(
    step: str, *, after: bool
) -> None:
    world, queue = opened(), Queue(payment())
    world.tap.faults = [Fault(0, after=after, kill=True, on=step)]
    with pytest.raises(Killed):
        probed(world, queue)
    world.tap.faults.clear()
    world.start()
    world.now += VISIBILITY
    queue.waiting = [from_event(payment())]

    told = len(world.sink.outcomes)
    ended = f"{SERVICE}#m1" in world.ledger.entries and world.entry().ended
    verdict = probed(world, queue).verdict

    assert verdict is (Verdict.UNDECIDED if ended else Verdict.WELL)
    assert world.entry().status is Status.COMPLETED
    assert world.bank.booked == [f"{SERVICE}#m1"]
    assert queue.deleted == ["sqs-m1"]
    assert len(world.sink.outcomes) == told + (not ended)


def test_a_probes_source_takes_one_message_and_deletes_it(aws: Aws) -> None:
    for n in range(2):
        aws.sqs.send_message(
            QueueUrl=aws.queue,
            MessageBody=f"body-{n}",
            MessageGroupId=f"c{n}",
            MessageDeduplicationId=str(n),
            MessageAttributes={"redrive_id": {"DataType": "String", "StringValue": "r1"}},
        )
    source = SqsSource(aws.sqs, aws.queue)
    delivery = source.receive(0)
    assert delivery is not None
    assert (delivery.body, delivery.group, delivery.redrive_id) == ("body-0", "c0", "r1")
    assert delivery.sent_at > 0
    source.delete(delivery)
    assert source.receive(0) is not None
    assert source.receive(0) is None
