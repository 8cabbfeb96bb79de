"""Which calls open the circuit, and who tells of it."""

import pytest
from msgspec.structs import replace

from handlers.common.circuit.state import State
from handlers.common.errors import AwsUnavailable, BankUnavailable, Cause, Misconfigured
from tests.replacing import replace_method
from tests.unit.handlers.common.circuit.workers import BROKEN, THREE_IN_A_ROW, Workers, circuit
from tests.unit.handlers.rules import FIRST_FAILURE


def test_failures_in_a_row_are_counted_over_all_workers() -> None:
    workers = Workers(number=2)
    first, second = workers.gates
    for gate in (first, second, first):
        assert workers.circuit.state is State.CLOSED
        gate.failed(gate.admit(), "c1", BROKEN)
    assert workers.tripped
    assert workers.circuit.retry_at == workers.now + 600
    (trip,) = workers.trips
    assert (trip.generation, trip.cause, trip.who) == (0, Cause.UNAVAILABLE, "worker-0")
    assert trip.why == "the bank answered 503"


def test_of_many_workers_that_trip_one_is_heard() -> None:
    workers = Workers(FIRST_FAILURE, number=5)
    admitted = [gate.admit() for gate in workers.gates]
    for gate, seen in zip(workers.gates, admitted, strict=True):
        gate.failed(seen, "c1", BROKEN)
    assert len(workers.trips) == 1
    assert workers.circuit.generation == 1


def test_a_failure_from_an_older_generation_trips_nothing() -> None:
    workers = Workers(FIRST_FAILURE)
    seen = workers.gate.admit()
    workers.put(circuit(State.CLOSED, 2))
    workers.gate.failed(seen, "c1", BROKEN)
    assert workers.circuit.state is State.CLOSED
    assert workers.trips == []


@pytest.mark.parametrize(
    ("state", "failing", "opened"),
    [
        (State.CLOSED, Misconfigured("the bank answered 401"), True),
        (State.CLOSED, BROKEN, False),
        (State.HALF_OPEN, BROKEN, True),
        (State.CLOSED, AwsUnavailable("throttled"), False),
    ],
)
def test_one_failure_opens_a_half_open_circuit_or_is_a_misconfiguration(
    state: State, failing: BankUnavailable, *, opened: bool
) -> None:
    workers = Workers()
    workers.put(circuit(state))
    workers.gate.failed(workers.gate.admit(), "c1", failing)
    assert workers.tripped is opened
    if opened:
        assert workers.circuit.cause is failing.cause


def test_defects_of_several_customers_open_it_and_of_one_do_not() -> None:
    workers = Workers()
    for _ in range(10):
        workers.gate.defective(workers.gate.admit(), "c1")
    assert workers.circuit.state is State.CLOSED
    workers.gate.defective(workers.gate.admit(), "c2")
    assert (workers.circuit.state, workers.circuit.cause) == (State.OPEN, Cause.DEFECT)


def test_a_suspects_failure_is_noted_and_in_no_row() -> None:
    workers = Workers(FIRST_FAILURE)
    for _ in range(5):
        workers.gate.suspected(workers.gate.admit(), "c1")
    assert workers.gate.signs().last_failure_by == "c1"
    assert workers.circuit.state is State.CLOSED


def test_a_rate_of_failures_trips_at_its_volume_and_not_before() -> None:
    workers = Workers(replace(THREE_IN_A_ROW, consecutive_failures=1_000, minimum_volume=10))
    for n in range(9):
        if n % 2:
            workers.fail()
        else:
            workers.succeed()
    assert workers.circuit.state is State.CLOSED
    workers.fail()
    assert workers.tripped


def test_slow_calls_trip_with_their_own_cause() -> None:
    workers = Workers(replace(THREE_IN_A_ROW, minimum_volume=3))
    for _ in range(3):
        workers.succeed(took=THREE_IN_A_ROW.slow_call)
    assert workers.circuit.cause is Cause.SLOW


def test_a_generations_calls_say_nothing_about_the_next() -> None:
    workers = Workers(replace(THREE_IN_A_ROW, minimum_volume=3))
    for _ in range(2):
        workers.succeed(took=THREE_IN_A_ROW.slow_call)
    workers.put(circuit(State.CLOSED, 5))
    workers.now += 1
    workers.succeed(took=THREE_IN_A_ROW.slow_call)
    assert workers.circuit.state is State.CLOSED


@pytest.mark.parametrize("method", ["note_failure", "write"])
def test_a_store_that_fails_in_the_middle_of_a_trip_raises_nothing(method: str) -> None:
    def fail(*_: object) -> None:
        raise AwsUnavailable("throttled")

    workers = Workers(FIRST_FAILURE)
    seen = workers.gate.admit()
    replace_method(workers.store, method, fail)
    workers.gate.failed(seen, "c1", BROKEN)
    assert workers.trips == []


def test_a_trip_that_cannot_be_told_is_written_all_the_same() -> None:
    def fail(*_: object) -> None:
        raise AwsUnavailable("throttled")

    workers = Workers(FIRST_FAILURE)
    vars(workers.gate)["_announce"] = fail
    workers.fail()
    assert workers.tripped
