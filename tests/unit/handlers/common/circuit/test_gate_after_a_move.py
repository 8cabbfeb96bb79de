"""A gate whose circuit was moved on by another worker while its own view is still fresh."""

import pytest

from handlers.common.circuit.rules import Rules
from handlers.common.errors import CircuitOpen
from tests.unit.handlers.common.circuit.workers import BROKEN, Workers
from tests.unit.handlers.rules import FIRST_FAILURE, FIVE_IN_A_ROW


@pytest.fixture(params=[FIRST_FAILURE, FIVE_IN_A_ROW], ids=["first", "five in a row"])
def rules(request: pytest.FixtureRequest) -> Rules:
    return request.param


@pytest.fixture
def workers(rules: Rules) -> Workers:
    """The one worker's call failed after another had opened the circuit."""
    workers = Workers(rules)
    circuit = workers.gate.admit()
    workers.trip_by_another()
    workers.gate.failed(circuit, "customer", BROKEN)
    return workers


def test_the_first_failure_under_an_old_view_is_the_last_call(workers: Workers) -> None:
    with pytest.raises(CircuitOpen):
        workers.gate.admit()


def test_its_message_is_hidden_for_as_long_as_the_open_circuit_says(
    workers: Workers, rules: Rules
) -> None:
    assert workers.gate.shut
    assert workers.gate.hidden_for() == workers.circuit.hidden_for(workers.now, rules)
