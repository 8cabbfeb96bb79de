"""A batch: order within a group, other groups go on, what goes back and for how long."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from handlers.common.telemetry.tally import tally
from handlers.common.worker.batches import LONGEST, SqsHandBack
from tests.unit.handlers.common.figures import RETRY, SERVICE
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.world import World
from tests.unit.handlers.rules import FIRST_FAILURE


def test_messages_are_worked_in_order() -> None:
    world = World()
    world.batch(*(payment(f"m{n}", customer=f"c{n % 2}") for n in range(6)))
    assert world.bank.booked == [f"{SERVICE}#m{n}" for n in range(6)]


def test_the_first_failure_hands_back_the_rest_of_its_group_and_no_other() -> None:
    world = World()
    world.bank.always["c1"] = "500"
    back = world.batch(
        payment("m1", customer="c2"),
        payment("m2", customer="c1"),
        payment("m3", customer="c2"),
        payment("m4", customer="c1"),
        payment("m5", customer="c3"),
    )
    assert back == ["sqs-m2", "sqs-m4"]
    assert len(world.bank.booked) == 3
    assert f"{SERVICE}#m4" not in world.ledger.entries


def test_the_rest_of_a_group_is_hidden_as_long_as_its_first() -> None:
    world = World()
    world.bank.always["c1"] = "defect"
    world.batch(payment("m1"), payment("m2"))
    assert world.sink.hidden == [("receipt-sqs-m1", 5.0), ("receipt-sqs-m2", 5.0)]


def test_a_rejection_does_not_hold_its_group() -> None:
    world = World()
    world.bank.script = ["402"]
    assert world.batch(payment("m1"), payment("m2")) == []


def test_once_the_circuit_is_open_every_group_goes_back_for_the_cool_down() -> None:
    world = World(FIRST_FAILURE)
    world.bank.script = ["500"]
    back = world.batch(payment("m1"), payment("m2", customer="c2"), payment("m3", customer="c3"))
    assert back == ["sqs-m1", "sqs-m2", "sqs-m3"]
    assert len(world.bank.called) == 1
    assert {seconds for _, seconds in world.sink.hidden} == {FIRST_FAILURE.cool_down}


def test_a_bank_that_asks_for_days_is_given_the_cool_downs_cap() -> None:
    world = World()
    world.bank.script = ["429"]
    world.batch(payment())
    assert world.sink.hidden == [("receipt-sqs-m1", FIRST_FAILURE.cool_down_cap)]


@pytest.mark.parametrize(("remaining", "started"), [(12.9, False), (13.0, True)])
def test_no_message_is_started_without_the_banks_timeout_and_a_margin(
    remaining: float, *, started: bool
) -> None:
    world = World()
    assert (world.batch(payment(), remaining=remaining) == []) is started
    assert bool(world.bank.called) is started
    if not started:
        assert world.sink.hidden == [("receipt-sqs-m1", 0.0)]
        assert world.ledger.entries == {}


def test_a_slow_bank_leaves_the_rest_of_the_batch_for_later() -> None:
    world = World()
    world.slow(world.bank, "call", 10)
    records = [payment(f"m{n}", customer=f"c{n}") for n in range(4)]
    assert world.batch(*records, remaining=30) == ["sqs-m2", "sqs-m3"]


def test_own_failures_wait_longer_each_time_up_to_a_cap() -> None:
    delays = [RETRY.delay(attempt) for attempt in (1, 2, 3, 9, 5_000)]
    assert delays == [5, 10, 20, 900, 900]


def test_a_batch_counts_what_it_did() -> None:
    world = World()
    world.bank.always["c2"] = "402"
    world.bank.always["c3"] = "500"
    world.batch(
        payment("m1"),
        payment("m1", carrier="sqs-again"),
        payment("m2", customer="c2"),
        payment("m3", customer="c3"),
        payment("m4", customer="c3"),
    )
    assert dict(tally.counts) == {
        "Completed": 1,
        "Duplicates": 1,
        "Rejected": 1,
        "Deferred": 1,
        "ReceivesBurned": 2,
    }
    assert str(tally.money) == "120.00"


class Queue:
    def __init__(self, error: Exception | None = None) -> None:
        self.batches: list[list[dict[str, Any]]] = []
        self._error = error

    def change_message_visibility_batch(
        self,
        *,
        QueueUrl: str,  # noqa: N803 - AWS's own
        Entries: list[dict[str, Any]],  # noqa: N803 - AWS's own
    ) -> None:
        assert QueueUrl == "url"
        self.batches.append(Entries)
        if self._error is not None:
            raise self._error


def hand_back(queue: Queue, *receipts: tuple[str, float]) -> None:
    client: Any = queue
    SqsHandBack(client, "url")(receipts)


def test_visibility_is_changed_in_batches_of_ten_and_whole_seconds() -> None:
    queue = Queue()
    hand_back(queue, *((f"r{n}", 0.2 * n) for n in range(12)))
    assert [len(batch) for batch in queue.batches] == [10, 2]
    assert [entry["VisibilityTimeout"] for entry in queue.batches[0]] == [0, *[1] * 5, *[2] * 4]


def test_nothing_is_hidden_longer_than_sqs_allows() -> None:
    queue = Queue()
    hand_back(queue, ("r", float("inf")))
    assert queue.batches[0][0]["VisibilityTimeout"] == LONGEST < 12 * 3600


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "ThrottlingException"}}, "ChangeMessageVisibilityBatch"),
        ReadTimeoutError(endpoint_url="https://sqs"),
    ],
)
def test_a_message_that_cannot_be_hidden_keeps_its_timeout(error: Exception) -> None:
    queue = Queue(error)
    hand_back(queue, *((f"r{n}", 1.0) for n in range(12)))
    assert len(queue.batches) == 2
