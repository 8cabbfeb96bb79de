"""A gate whose circuit was moved on by another worker while its own view is still fresh."""

import pytest

from handlers.common.circuit.events import Trip
from handlers.common.circuit.gate import Gate
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.rules import Rules
from handlers.common.circuit.state import Circuit
from handlers.common.errors import BankUnavailable, Cause, CircuitOpen
from handlers.common.memory import MemoryCircuitStore
from tests.unit.handlers.rules import FIRST_FAILURE, FIVE_IN_A_ROW

SERVICE = "payment-processing"
NOW = 1_000_000.0
BROKEN = BankUnavailable("the bank answered 500", sent=True, status=500)


def gate_of(store: MemoryCircuitStore, rules: Rules) -> Gate:
    def announce(service: str, trip: Trip) -> None:
        del service, trip

    return Gate(
        SERVICE,
        store,
        Machine(rules, lambda: 0.0),
        announce=announce,
        who="worker",
        clock=lambda: NOW,
    )


def opened_by_another(store: MemoryCircuitStore, rules: Rules) -> None:
    before = store.read(SERVICE).circuit
    trip = Trip(generation=before.generation, cause=Cause.UNAVAILABLE, why="500", who="another")
    after = Machine(rules, lambda: 0.0).after(before, trip, NOW)
    assert after is not None
    assert store.write(before, after)


@pytest.mark.parametrize("rules", [FIRST_FAILURE, FIVE_IN_A_ROW], ids=["first", "five in a row"])
def test_the_first_failure_under_an_old_view_is_the_last_call(rules: Rules) -> None:
    store = MemoryCircuitStore()
    gate = gate_of(store, rules)
    circuit: Circuit = gate.admit()
    opened_by_another(store, rules)

    gate.failed(circuit, "customer", BROKEN)

    with pytest.raises(CircuitOpen):
        gate.admit()


@pytest.mark.parametrize("rules", [FIRST_FAILURE, FIVE_IN_A_ROW], ids=["first", "five in a row"])
def test_its_message_is_hidden_for_as_long_as_the_open_circuit_says(rules: Rules) -> None:
    store = MemoryCircuitStore()
    gate = gate_of(store, rules)
    circuit = gate.admit()
    opened_by_another(store, rules)

    gate.failed(circuit, "customer", BROKEN)

    assert gate.shut
    assert gate.hidden_for() == store.read(SERVICE).circuit.hidden_for(NOW, rules)
