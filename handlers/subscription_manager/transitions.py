"""Circuits moved by the manager's own doing: time, alarms, probes."""

from handlers.common.circuit.events import Event
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.state import Circuit
from handlers.common.errors import AwsUnavailable
from handlers.common.telemetry.logs import logger
from handlers.subscription_manager.ports import Ports
from handlers.subscription_manager.reading import circuit_of

TRIES = 4
"""How often a circuit is read again that others change at the same time."""


def circuit_after(ports: Ports, machine: Machine, service: str, event: Event) -> Circuit:
    """The circuit after an event, written down; where another was faster, after both.

    Raises:
        AwsUnavailable: The store failed, or the circuit changes too often.
        NewerCircuit: See circuit_of.
    """
    for _ in range(TRIES):
        before = circuit_of(ports.circuits, service)
        after = machine.after(before, event, ports.clock())
        if after is None:
            return before
        if ports.circuits.write(before, after):
            if after.generation != before.generation:
                _log(before, after)
            return after
    raise AwsUnavailable(f"the circuit of {service} changes too often")


def _log(before: Circuit, after: Circuit) -> None:
    logger.info(
        "transition",
        managed=after.service,
        from_state=before.state,
        to_state=after.state,
        generation=after.generation,
        who=after.who,
        reason=after.why,
    )
