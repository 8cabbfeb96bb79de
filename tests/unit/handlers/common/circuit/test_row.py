"""Five failures in a row, as many workers at once see them."""

import pytest

from handlers.common.errors import AwsUnavailable
from tests.replacing import replace_method
from tests.unit.handlers.common.circuit.workers import Workers
from tests.unit.handlers.rules import FIVE_IN_A_ROW


def throttled(*_: object) -> None:
    raise AwsUnavailable("throttled")


@pytest.fixture
def workers() -> Workers:
    return Workers(FIVE_IN_A_ROW, number=8)


def test_one_worker_trips_at_its_fifth_failure(workers: Workers) -> None:
    for _ in range(4):
        workers.fail(after=0.01)
    assert not workers.tripped

    workers.fail(after=0.01)

    assert workers.tripped


def test_strays_of_several_workers_at_once_are_no_row(workers: Workers) -> None:
    for worker in range(8):
        workers.fail(worker, after=0.01)

    assert not workers.tripped


def test_a_success_between_ends_what_looked_like_a_row(workers: Workers) -> None:
    for worker in range(8):
        workers.fail(worker, after=0.01)
    workers.succeed(3, after=0.01)

    workers.fail(5, after=0.01)

    assert not workers.tripped


def test_a_worker_that_had_a_success_believes_in_no_row_though_it_could_not_be_written(
    workers: Workers,
) -> None:
    for worker in range(8):
        workers.fail(worker, after=0.01)
    replace_method(workers.store, "note_success", throttled)
    workers.succeed(0, after=0.01)

    workers.fail(0, after=0.01)

    assert not workers.tripped


def test_workers_whose_next_call_fails_too_make_it_a_row(workers: Workers) -> None:
    for worker in range(8):
        workers.fail(worker, after=0.01)

    workers.fail(0, after=0.01)

    assert workers.tripped


def test_failures_that_stand_for_longer_than_a_slow_call_are_a_row_without_a_second_one(
    workers: Workers,
) -> None:
    for worker in range(4):
        workers.fail(worker, after=3.0)
    assert not workers.tripped

    workers.fail(4, after=3.0)

    assert workers.tripped
