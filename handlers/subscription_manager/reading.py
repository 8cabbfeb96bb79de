"""Circuits as the manager may act on them."""

from handlers.common.circuit.state import VERSION, Circuit
from handlers.common.circuit.store import CircuitStore
from handlers.common.errors import ServiceError


class NewerCircuit(ServiceError):
    """The circuit was written by a newer image; this one leaves it alone during the deploy."""


def circuit_of(store: CircuitStore, service: str) -> Circuit:
    """The newest circuit of a service.

    Raises:
        AwsUnavailable: The store failed.
        NewerCircuit: Its version is above ours.
    """
    circuit = store.read(service).circuit
    if circuit.version > VERSION:
        raise NewerCircuit(f"the circuit of {service} has version {circuit.version}")
    return circuit
