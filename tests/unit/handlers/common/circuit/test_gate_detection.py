"""How long the circuit took to open, told by the worker that trips."""

from msgspec.structs import replace

from handlers.common.errors import Misconfigured
from handlers.common.telemetry.tally import tally
from tests.unit.handlers.common.circuit.workers import BROKEN, THREE_IN_A_ROW, Workers


def test_the_worker_that_trips_tells_how_long_after_the_first_failure() -> None:
    workers = Workers(number=2)
    for gate in (workers.gates[0], workers.gates[1], workers.gates[0]):
        workers.now += 2
        gate.failed(gate.admit(), "c1", BROKEN)
    assert workers.tripped
    assert tally.times["DetectionTime"] == [4.0]


def test_by_a_rate_it_is_the_first_failure_of_the_window_that_counts() -> None:
    rules = replace(THREE_IN_A_ROW, consecutive_failures=9, minimum_volume=4, window=60)
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
    workers.fail()
    assert workers.tripped
    assert tally.times["DetectionTime"] == [40.0]


def test_by_slow_calls_it_is_the_first_slow_one_that_counts() -> None:
    rules = replace(THREE_IN_A_ROW, minimum_volume=3, slow_call=5, slow_call_rate=0.6, window=60)
    workers = Workers(rules)
    for seconds in (0.1, 6.0, 6.0):
        workers.now += 10
        workers.succeed(took=seconds)
    assert workers.tripped
    assert tally.times["DetectionTime"] == [10.0]


def test_a_failure_that_the_window_has_forgotten_does_not_count() -> None:
    workers = Workers()
    workers.fail()
    workers.now += 3600
    workers.gate.failed(workers.gate.admit(), "c1", Misconfigured("the bank answered 401"))
    assert workers.tripped
    assert tally.times["DetectionTime"] == [0.0]
