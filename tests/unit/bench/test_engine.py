import pytest

from bench.simulator.engine import Engine


def test_events_come_in_the_order_of_their_times_and_then_of_their_making() -> None:
    seen: list[tuple[float, str]] = []
    with Engine() as engine:
        for when, name in ((2.0, "late"), (1.0, "early"), (2.0, "later")):
            engine.at(when, lambda name=name: seen.append((engine.now, name)))
        engine.run(5.0)

    assert seen == [(1.0, "early"), (2.0, "late"), (2.0, "later")]


def test_processes_wait_side_by_side() -> None:
    seen: list[tuple[float, str]] = []

    def process(name: str, step: float) -> None:
        for _ in range(3):
            engine.sleep(step)
            seen.append((engine.now, name))

    with Engine() as engine:
        engine.start(lambda: process("slow", 2.0))
        engine.start(lambda: process("fast", 0.75))
        engine.run(10.0)

    assert seen == [
        (0.75, "fast"),
        (1.5, "fast"),
        (2.0, "slow"),
        (2.25, "fast"),
        (4.0, "slow"),
        (6.0, "slow"),
    ]


def test_time_stands_still_while_a_process_works() -> None:
    moments: list[float] = []

    def process() -> None:
        moments.append(engine.now)
        sum(range(1000))
        moments.append(engine.now)

    with Engine(100.0) as engine:
        engine.start(process, after=3.0)
        engine.run(200.0)

    assert moments == [103.0, 103.0]


def test_a_run_ends_where_it_is_told_to_and_can_go_on() -> None:
    with Engine() as engine:
        engine.at(1.0, engine.stop)
        engine.run(10.0)
        first = engine.now
        engine.run(10.0)

    assert (first, engine.now) == (1.0, 10.0)


def test_what_a_process_raises_comes_out_of_the_run() -> None:
    def process() -> None:
        raise ZeroDivisionError

    with Engine() as engine:
        engine.start(process)
        with pytest.raises(ZeroDivisionError):
            engine.run(1.0)


def test_processes_that_still_wait_are_ended_with_the_simulation() -> None:
    ended: list[str] = []

    def process() -> None:
        try:
            engine.sleep(1e9)
        finally:
            ended.append("ended")

    with Engine() as engine:
        for _ in range(3):
            engine.start(process)
        engine.run(1.0)

    assert ended == ["ended"] * 3
