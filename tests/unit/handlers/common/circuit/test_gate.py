"""The worker's side of the circuit."""

from typing import Any

import pytest
from msgspec.structs import replace

from handlers.common.circuit.events import Trip
from handlers.common.circuit.gate import CACHED_FOR, Gate
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.rules import Rules
from handlers.common.circuit.state import VERSION, Circuit, State
from handlers.common.circuit.store import View
from handlers.common.errors import (
    AwsUnavailable,
    BankUnavailable,
    Cause,
    CircuitOpen,
    Misconfigured,
)
from handlers.common.memory import MemoryCircuitStore
from handlers.common.telemetry.tally import tally
from tests.unit.handlers.common.world import SERVICE
from tests.unit.handlers.rules import FIRST_FAILURE

PATIENT = replace(FIRST_FAILURE, consecutive_failures=3)
BROKEN = BankUnavailable("the bank answered 503", 600, sent=True, status=503)


class Workers:
    """Some workers over one store."""

    def __init__(self, rules: Rules = PATIENT, number: int = 1) -> None:
        self.now, self.reads, self.trips = 1_000.0, 0, list[Trip]()
        self.store = MemoryCircuitStore()
        self._read = self.store.read
        setattr(self.store, "read", self.read)  # noqa: B010 - a method is replaced
        self.gates = [
            Gate(
                SERVICE,
                self.store,
                Machine(rules, lambda: 0.0),
                announce=self.heard,
                who=f"worker-{n}",
                clock=lambda: self.now,
            )
            for n in range(number)
        ]
        self.gate = self.gates[0]

    def heard(self, service: str, trip: Trip) -> None:
        assert service == SERVICE
        self.trips.append(trip)

    def read(self, service: str) -> View:
        self.reads += 1
        return self._read(service)

    @property
    def circuit(self) -> Circuit:
        return self._read(SERVICE).circuit

    def put(self, circuit: Circuit) -> None:
        assert self.store.write(self.circuit, circuit)


def circuit(state: State, generation: int = 1, **changes: Any) -> Circuit:  # noqa: ANN401 - fields of a circuit
    return Circuit(service=SERVICE, state=state, generation=generation, **changes)


def test_a_closed_circuit_costs_one_read_a_second() -> None:
    workers = Workers()
    for _ in range(100):
        workers.gate.admit()
    assert workers.reads == 1
    workers.now += CACHED_FOR
    workers.gate.admit()
    assert workers.reads == 2


def test_a_state_is_as_old_as_the_moment_it_was_asked_for() -> None:
    workers = Workers()
    slow = workers.read

    def read(service: str) -> View:
        view = slow(service)
        workers.now += CACHED_FOR
        return view

    setattr(workers.store, "read", read)  # noqa: B010 - a method is replaced
    workers.gate.admit()
    workers.gate.admit()
    assert workers.reads == 2


def test_a_clock_that_is_put_back_does_not_make_a_state_last_longer() -> None:
    workers = Workers()
    workers.gate.admit()
    workers.now -= 3600
    workers.put(circuit(State.OPEN))
    with pytest.raises(CircuitOpen):
        workers.gate.admit()


@pytest.mark.parametrize(("state", "admitted"), [(s, s in ("closed", "half_open")) for s in State])
def test_calls_go_through_a_closed_or_half_open_circuit_only(
    state: State, *, admitted: bool
) -> None:
    workers = Workers()
    workers.put(circuit(state, retry_at=1_040.0))
    if admitted:
        assert workers.gate.admit().state is state
        assert not workers.gate.shut
        return
    with pytest.raises(CircuitOpen) as refused:
        workers.gate.admit()
    assert workers.gate.shut
    assert refused.value.delay == (40.0 if state is State.OPEN else FIRST_FAILURE.drain_time)


def test_a_circuit_of_a_newer_image_lets_nothing_through() -> None:
    workers = Workers()
    workers.put(circuit(State.CLOSED, version=VERSION + 1))
    with pytest.raises(CircuitOpen, match="newer image"):
        workers.gate.admit()


def test_without_the_circuits_state_nothing_is_called() -> None:
    def fail(_: str) -> View:
        raise AwsUnavailable("reading the circuit failed")

    workers = Workers()
    setattr(workers.store, "read", fail)  # noqa: B010 - a method is replaced
    with pytest.raises(AwsUnavailable):
        workers.gate.admit()
    assert workers.gate.generation is None
    assert workers.gate.hidden_for() == FIRST_FAILURE.drain_time


def test_a_probe_is_admitted_under_the_open_circuit_it_was_started_for() -> None:
    workers = Workers()
    workers.put(circuit(State.OPEN))
    assert workers.gate.admit_probe(circuit(State.OPEN)).generation == 1


@pytest.mark.parametrize(
    "now", [circuit(State.HELD, 2), circuit(State.OPEN, 2), circuit(State.CLOSED, 2)]
)
def test_a_probe_is_not_admitted_once_the_circuit_has_moved_on(now: Circuit) -> None:
    workers = Workers()
    workers.put(circuit(State.OPEN))
    workers.gate.admit_probe(circuit(State.OPEN))
    workers.put(now)
    with pytest.raises(CircuitOpen):
        workers.gate.admit_probe(circuit(State.OPEN))


def test_failures_in_a_row_are_counted_over_all_workers() -> None:
    workers = Workers(number=2)
    first, second = workers.gates
    for gate in (first, second, first):
        assert workers.circuit.state is State.CLOSED
        gate.failed(gate.admit(), "c1", BROKEN)
    assert workers.circuit.state is State.OPEN
    assert workers.circuit.retry_at == workers.now + 600
    (trip,) = workers.trips
    assert (trip.generation, trip.cause, trip.who) == (0, Cause.UNAVAILABLE, "worker-0")
    assert trip.why == "the bank answered 503"


def test_a_success_between_begins_the_row_anew() -> None:
    workers = Workers()
    for _ in range(5):
        for _ in range(2):
            workers.gate.failed(workers.gate.admit(), "c1", BROKEN)
        workers.now += 1
        workers.gate.succeeded(workers.gate.admit(), "c2", 0.1)
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
        workers.gate.succeeded(workers.gate.admit(), "c1", 0.1)
    assert workers.store.read(SERVICE).signs.last_success_by == ""


def test_after_a_failure_a_worker_writes_its_next_success_and_no_more() -> None:
    workers = Workers(number=2)
    worker, other = workers.gates
    other.failed(other.admit(), "c1", BROKEN)
    for customer in ("c2", "c3", "c4"):
        workers.now += 0.1
        worker.succeeded(worker.admit(), customer, 0.1)
    assert workers.store.read(SERVICE).signs.last_success_by == "c2"


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
    assert (workers.circuit.state is State.OPEN) is opened
    if opened:
        assert workers.circuit.cause is failing.cause


def test_defects_of_several_customers_open_it_and_of_one_do_not() -> None:
    workers = Workers()
    for _ in range(10):
        workers.gate.defective(workers.gate.admit(), "c1")
    assert workers.circuit.state is State.CLOSED
    workers.gate.defective(workers.gate.admit(), "c2")
    assert (workers.circuit.state, workers.circuit.cause) == (State.OPEN, Cause.DEFECT)


def test_a_suspects_failure_is_in_no_row() -> None:
    workers = Workers(FIRST_FAILURE)
    for _ in range(5):
        workers.gate.suspected(workers.gate.admit(), "c1")
    assert workers.circuit.state is State.CLOSED


def test_a_rate_of_failures_trips_at_its_volume_and_not_before() -> None:
    workers = Workers(replace(PATIENT, consecutive_failures=1_000, minimum_volume=10))
    for n in range(9):
        if n % 2:
            workers.gate.failed(workers.gate.admit(), "c1", BROKEN)
        else:
            workers.gate.succeeded(workers.gate.admit(), "c1", 0.1)
    assert workers.circuit.state is State.CLOSED
    workers.gate.failed(workers.gate.admit(), "c1", BROKEN)
    assert workers.circuit.state is State.OPEN


def test_slow_calls_trip_with_their_own_cause() -> None:
    workers = Workers(replace(PATIENT, minimum_volume=3))
    for _ in range(3):
        workers.gate.succeeded(workers.gate.admit(), "c1", PATIENT.slow_call)
    assert workers.circuit.cause is Cause.SLOW


def test_a_generations_calls_say_nothing_about_the_next() -> None:
    workers = Workers(replace(PATIENT, minimum_volume=3))
    for _ in range(2):
        workers.gate.succeeded(workers.gate.admit(), "c1", PATIENT.slow_call)
    workers.put(circuit(State.CLOSED, 5))
    workers.now += 1
    workers.gate.succeeded(workers.gate.admit(), "c1", PATIENT.slow_call)
    assert workers.circuit.state is State.CLOSED


@pytest.mark.parametrize("method", ["note_failure", "write"])
def test_a_store_that_fails_in_the_middle_of_a_trip_raises_nothing(method: str) -> None:
    def fail(*_: object) -> None:
        raise AwsUnavailable("throttled")

    workers = Workers(FIRST_FAILURE)
    seen = workers.gate.admit()
    setattr(workers.store, method, fail)
    workers.gate.failed(seen, "c1", BROKEN)
    assert workers.trips == []


def test_a_trip_that_cannot_be_told_is_written_all_the_same() -> None:
    def fail(*_: object) -> None:
        raise AwsUnavailable("throttled")

    workers = Workers(FIRST_FAILURE)
    vars(workers.gate)["_announce"] = fail
    workers.gate.failed(workers.gate.admit(), "c1", BROKEN)
    assert workers.circuit.state is State.OPEN


def test_the_worker_that_trips_tells_how_long_after_the_first_failure() -> None:
    workers = Workers(number=2)
    for gate in (workers.gates[0], workers.gates[1], workers.gates[0]):
        workers.now += 2
        gate.failed(gate.admit(), "c1", BROKEN)
    assert workers.circuit.state is State.OPEN
    assert tally.times["DetectionTime"] == [4.0]


def test_by_a_rate_it_is_the_first_failure_of_the_window_that_counts() -> None:
    rules = replace(PATIENT, consecutive_failures=9, minimum_volume=4, window=60)
    workers = Workers(rules)
    calls = [True, False, True, False]
    for failed in calls:
        workers.now += 10
        circuit = workers.gate.admit()
        if failed:
            workers.gate.failed(circuit, "c1", BROKEN)
        else:
            workers.gate.succeeded(circuit, "c2", 0.1)
    workers.now += 10
    workers.gate.failed(workers.gate.admit(), "c1", BROKEN)
    assert workers.circuit.state is State.OPEN
    assert tally.times["DetectionTime"] == [40.0]


def test_by_slow_calls_it_is_the_first_slow_one_that_counts() -> None:
    rules = replace(PATIENT, minimum_volume=3, slow_call=5, slow_call_rate=0.6, window=60)
    workers = Workers(rules)
    for seconds in (0.1, 6.0, 6.0):
        workers.now += 10
        workers.gate.succeeded(workers.gate.admit(), "c1", seconds)
    assert workers.circuit.state is State.OPEN
    assert tally.times["DetectionTime"] == [10.0]


def test_a_failure_that_the_window_has_forgotten_does_not_count() -> None:
    workers = Workers()
    workers.gate.failed(workers.gate.admit(), "c1", BROKEN)
    workers.now += 3600
    workers.gate.failed(workers.gate.admit(), "c1", Misconfigured("the bank answered 401"))
    assert workers.circuit.state is State.OPEN
    assert tally.times["DetectionTime"] == [0.0]
