"""What the embedded AWS cannot be asked in a test's time, and AWS's own choice of group."""

from collections.abc import Iterator

import pytest

from bench.simulator.engine import Engine
from bench.simulator.queue import Queue

HOUR = 3600.0


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as running:
        yield running


def bodies(queue: Queue, most: int = 10) -> list[str]:
    return [message.body for message in queue.receive(most)]


def test_a_receive_takes_as_many_of_one_group_as_it_can(engine: Engine) -> None:
    queue = Queue(engine)
    for n in range(3):
        for group in "ab":
            queue.send(f"{group}{n}", group, f"{group}{n}")

    assert bodies(queue, 4) == ["a0", "a1", "a2", "b0"]


def test_a_message_expires_where_it_waits(engine: Engine) -> None:
    queue = Queue(engine, retention=2 * HOUR)
    queue.send("old", "a", "1")
    engine.run(HOUR)
    queue.send("young", "a", "2")

    engine.run(2.5 * HOUR)

    assert [message.body for message in queue.expired] == ["old"]
    assert bodies(queue) == ["young"]


def test_a_message_in_flight_expires_too_and_frees_its_group(engine: Engine) -> None:
    queue = Queue(engine, retention=HOUR, visibility=12 * HOUR)
    queue.send("held", "a", "1")
    engine.run(HOUR / 2)
    queue.send("next", "a", "2")
    queue.receive(1)

    engine.run(HOUR + 1)

    assert (queue.in_flight, bodies(queue)) == (0, ["next"])


def test_a_deduplication_id_is_free_again_after_five_minutes(engine: Engine) -> None:
    queue = Queue(engine)
    queue.send("first", "a", "same")
    engine.run(299.0)
    assert queue.send("second", "a", "same") is None

    engine.run(300.0)

    assert queue.send("third", "a", "same") is not None


def test_a_hidden_message_is_hidden_from_now_on_not_from_its_receive(engine: Engine) -> None:
    queue = Queue(engine, visibility=30.0)
    queue.send("m", "a", "1")
    [message] = queue.receive(1)
    engine.run(20.0)
    queue.hide([message.receipt], 90.0)

    engine.run(109.0)
    assert bodies(queue) == []

    engine.run(111.0)
    assert bodies(queue) == ["m"]


def test_an_old_receipt_deletes_nothing(engine: Engine) -> None:
    queue = Queue(engine, visibility=10.0)
    queue.send("m", "a", "1")
    [message] = queue.receive(1)
    old = message.receipt
    engine.run(11.0)
    queue.receive(1)

    assert not queue.delete(old)
    assert queue.total == 1


def test_the_age_leaves_out_messages_that_were_received_often(engine: Engine) -> None:
    queue = Queue(engine, visibility=1.0)
    queue.send("often", "a", "1")
    engine.run(50.0)
    queue.send("never", "b", "2")
    for _ in range(4):
        queue.receive(1)
        engine.run(engine.now + 2.0)
        queue.receive(0)

    assert queue.oldest(most_receives=3) == 50.0
