from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from bench.simulator.deaths import Crash
from bench.simulator.engine import Engine
from bench.simulator.lambdas import Fleet, Mapping
from bench.simulator.queue import Queue
from handlers.subscription_manager.ports import MappingBusy

CALL = 1.0
CHANCE = Random(1)  # noqa: S311 - chance in a test


class Calls:
    """Workers that take a second a batch and hand back what they are told to."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.under_way = self.most = 0
        self.done: list[tuple[float, list[str]]] = []
        self.failing: set[str] = set()
        self.crashing = False

    def batch(self, records: list[dict[str, Any]], remaining: float) -> set[str]:
        del remaining
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self.engine.sleep(CALL)
        self.under_way -= 1
        if self.crashing:
            raise Crash
        self.done.append((self.engine.now, [record["body"] for record in records]))
        return {record["messageId"] for record in records if record["body"] in self.failing}


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as running:
        yield running


def mapped(
    engine: Engine, queue: Queue, *, concurrency: int = 2, delay: float = 10.0
) -> tuple[Mapping[Calls], Calls]:
    calls = Calls(engine)
    fleet = Fleet(engine, lambda: calls, warm=10, rng=CHANCE)
    mapping = Mapping(
        engine, queue, fleet, concurrency=concurrency, most=100, timeout=30.0, delay=lambda: delay
    )
    return mapping, calls


def send(queue: Queue, body: str) -> None:
    queue.send(body, "a", body)


def fill(queue: Queue, count: int) -> None:
    for n in range(count):
        queue.send(f"m{n}", f"group-{n}", f"m{n}")


def test_what_is_worked_off_is_deleted_and_what_failed_waits_for_its_timeout(
    engine: Engine,
) -> None:
    queue = Queue(engine, visibility=60.0)
    mapping, calls = mapped(engine, queue)
    calls.failing = {"m1"}
    fill(queue, 3)

    engine.run(30.0)
    assert (queue.total, queue.in_flight, mapping.failed_receives) == (1, 1, 1)

    calls.failing = set()
    engine.run(70.0)
    assert queue.total == 0


def test_no_more_run_at_once_than_the_mapping_says(engine: Engine) -> None:
    queue = Queue(engine)
    _, calls = mapped(engine, queue, concurrency=3)
    fill(queue, 100)

    engine.run(60.0)

    assert (calls.most, queue.total) == (3, 0)


def test_deliveries_go_on_until_the_mapping_is_disabled(engine: Engine) -> None:
    queue = Queue(engine)
    mapping, calls = mapped(engine, queue, delay=10.0)
    mapping.change("mapping", enabled=False, concurrency=2)
    for moment in (5.0, 15.0):
        engine.at(moment, lambda moment=moment: send(queue, f"{moment}"))

    engine.run(60.0)

    assert [texts for _, texts in calls.done] == [["5.0"]]
    assert mapping.view("mapping").state == "Disabled"


def test_a_mapping_in_transition_refuses_another_change(engine: Engine) -> None:
    mapping, _ = mapped(engine, Queue(engine), delay=10.0)
    mapping.change("mapping", enabled=False, concurrency=2)
    engine.run(9.0)
    with pytest.raises(MappingBusy):
        mapping.change("mapping", enabled=True, concurrency=2)

    engine.run(11.0)
    mapping.change("mapping", enabled=True, concurrency=2)

    assert mapping.view("mapping").state == "Enabling"


def test_a_mapping_that_was_enabled_begins_with_few_and_adds_more(engine: Engine) -> None:
    queue = Queue(engine)
    mapping, calls = mapped(engine, queue, concurrency=100, delay=0.0)
    mapping.change("mapping", enabled=False, concurrency=100)
    engine.run(1.0)
    fill(queue, 1_000)
    mapping.change("mapping", enabled=True, concurrency=100)

    engine.run(1.5)
    at_first = calls.most
    engine.run(8.0)

    assert at_first <= 10
    assert calls.most > 2 * at_first


def test_a_crash_leaves_the_whole_batch_to_its_timeout(engine: Engine) -> None:
    queue = Queue(engine, visibility=60.0)
    mapping, calls = mapped(engine, queue)
    calls.crashing = True
    fill(queue, 3)

    engine.run(30.0)

    assert (queue.total, queue.in_flight, mapping.errors) == (3, 3, mapping.invocations)


def test_an_idle_worker_is_gone_after_a_while_and_a_new_one_starts_cold(engine: Engine) -> None:
    made: list[Calls] = []

    def make() -> Calls:
        made.append(Calls(engine))
        return made[-1]

    fleet = Fleet(engine, make, warm=1, rng=CHANCE)
    taken: list[tuple[float, object]] = []

    def use() -> None:
        for moment in (1.0, 2.0, 1000.0):
            engine.sleep(moment - engine.now)
            one = fleet.take()
            taken.append((engine.now, one.worker))
            fleet.give_back(one)

    engine.start(use)
    engine.run(2000.0)

    assert [worker is made[0] for _, worker in taken] == [True, True, False]
    assert taken[2][0] > 1000.0
