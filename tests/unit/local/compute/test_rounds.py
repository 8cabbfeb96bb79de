import threading

from local.compute.rounds import Rounds


def test_rounds_are_made_until_the_end_and_once_then() -> None:
    made: list[str] = []
    twice = threading.Event()

    def each() -> None:
        made.append(threading.current_thread().name)
        if len(made) == 2:
            twice.set()

    rounds = Rounds("some", 0.001, each)
    assert twice.wait(10)
    rounds.stop()
    there = list(made)

    assert set(there) == {"some"}
    assert len(there) > 2
    assert made == there


def test_what_is_left_is_done_at_the_end_however_long_a_round_is() -> None:
    made: list[int] = []

    Rounds("some", 3600, lambda: made.append(1)).stop()

    assert made == [1]
