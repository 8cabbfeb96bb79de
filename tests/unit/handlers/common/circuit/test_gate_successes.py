"""A success is written only where there was trouble."""

from handlers.common.circuit.state import State
from tests.unit.handlers.common.circuit.workers import BROKEN, Workers
from tests.unit.handlers.common.figures import SERVICE


def test_a_success_between_begins_the_row_anew() -> None:
    workers = Workers()
    for _ in range(5):
        for _ in range(2):
            workers.fail()
        workers.now += 1
        workers.succeed()
        workers.now += 0.1
    assert workers.circuit.state is State.CLOSED


def test_a_success_right_after_a_failure_is_noted_though_the_state_is_cached() -> None:
    workers = Workers()
    seen = workers.gate.admit()
    workers.gate.failed(seen, "c1", BROKEN)
    workers.gate.succeeded(seen, "c2", 0.1)
    assert workers.store.read(SERVICE).signs.streak == 0


def test_without_trouble_a_success_is_not_written() -> None:
    workers = Workers()
    for _ in range(3):
        workers.succeed()
    assert workers.store.read(SERVICE).signs.last_success_by == ""


def test_after_a_failure_a_worker_writes_its_next_success_and_no_more() -> None:
    workers = Workers(number=2)
    worker, other = workers.gates
    other.failed(other.admit(), "c1", BROKEN)
    for customer in ("c2", "c3", "c4"):
        workers.now += 0.1
        worker.succeeded(worker.admit(), customer, 0.1)
    assert workers.store.read(SERVICE).signs.last_success_by == "c2"
