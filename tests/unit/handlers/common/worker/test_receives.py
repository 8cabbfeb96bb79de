"""SQS sets a message aside after a thousand receives, good or bad, and gives no reason.

They last for as long as SQS keeps a message, whatever holds it up.
"""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from tests.replacing import replace_method
from tests.unit.handlers.common.figures import RETRY, TIMEOUT, VISIBILITY
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.tap import Killed
from tests.unit.handlers.common.world import World

KEPT = 14 * 86_400
MOST = 1000


def patient() -> World:
    """A service with the shared stacks' longest wait, whose circuit never opens."""
    return World(retry=replace(RETRY, backoff_cap=1800))


def given_out(count: int, **about: Any) -> dict[str, Any]:  # noqa: ANN401 - passed on
    """A message that SQS gives out for so many times now."""
    message = payment(**about)
    message["attributes"]["ApproximateReceiveCount"] = str(count)
    return message


def receives(world: World) -> int:
    """How often SQS gives a lone message out while it keeps it, or up to its limit."""
    sent_at, count = world.now, 0
    while world.now < sent_at + KEPT and count < MOST:
        count += 1
        message = given_out(count)
        message["attributes"]["SentTimestamp"] = str(int(sent_at * 1000))
        world.sink.hidden.clear()
        try:
            assert world.batch(message) == ["sqs-m1"]
            hidden = 0.0
        except Killed:
            world.start()
            hidden = VISIBILITY
        world.now += world.sink.hidden[-1][1] if world.sink.hidden else hidden
    return count


def without_the_circuits_store(world: World) -> None:
    world.tap.fail("circuit.read")


def without_the_ledger(world: World) -> None:
    world.tap.fail("ledger.begin")


def without_the_dead_letter_queue(world: World) -> None:
    world.bank.always["c1"] = "402"
    world.tap.fail("letters.send")


def with_a_defect_that_nobody_can_judge(world: World) -> None:
    world.bank.always["c1"] = "defect"


def with_an_entry_of_a_newer_image(world: World) -> None:
    def newer(*_: object) -> object:
        raise ValueError

    replace_method(world.ledger, "begin", newer)


def dying_at_the_call(world: World) -> None:
    world.tap.kill("bank.call")


def dying_before_anything(world: World) -> None:
    world.tap.kill("circuit.read")


@pytest.mark.parametrize(
    "held_up",
    [
        without_the_circuits_store,
        without_the_ledger,
        without_the_dead_letter_queue,
        with_a_defect_that_nobody_can_judge,
        with_an_entry_of_a_newer_image,
        dying_at_the_call,
        dying_before_anything,
    ],
)
def test_they_last_for_as_long_as_sqs_keeps_a_message(held_up: Callable[[World], None]) -> None:
    world = patient()
    held_up(world)
    assert receives(world) < MOST


def test_the_first_hundred_are_free() -> None:
    world = patient()
    without_the_circuits_store(world)
    world.batch(given_out(100))
    assert world.sink.hidden == [("receipt-sqs-m1", RETRY.backoff)]


def test_after_an_outage_a_message_is_no_later_for_those_it_used_up() -> None:
    world = patient()
    assert world.batch(given_out(112)) == []
    assert world.sink.hidden == []


def test_while_it_is_worked_on_no_message_comes_back() -> None:
    hidden: list[float] = []
    for count in range(1, MOST):
        world = patient()
        dying_at_the_call(world)
        with pytest.raises(Killed):
            world.batch(given_out(count))
        hidden += [seconds for _, seconds in world.sink.hidden]
    assert min(hidden) >= 2 * TIMEOUT


def test_the_rest_of_its_customer_waits_as_long() -> None:
    world = patient()
    without_the_circuits_store(world)
    first, second = given_out(300), given_out(120, message_id="m2")
    world.batch(first, second)
    assert world.sink.hidden[-2:] == [("receipt-sqs-m1", 1000.0), ("receipt-sqs-m2", 1000.0)]
