"""What the gate lets through, by the circuit's state."""

import pytest

from handlers.common.circuit.gate import CACHED_FOR
from handlers.common.circuit.state import VERSION, Circuit, State
from handlers.common.circuit.store import View
from handlers.common.errors import AwsUnavailable, CircuitOpen
from tests.replacing import replace_method
from tests.unit.handlers.common.circuit.workers import Workers, circuit
from tests.unit.handlers.rules import FIRST_FAILURE


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

    replace_method(workers.store, "read", read)
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
    replace_method(workers.store, "read", fail)
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
