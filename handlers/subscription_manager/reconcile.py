"""One turn for one service: make the world as the circuit wants it.

Level-triggered: it looks at circuit, alarm, mapping and queue as they are and remembers no events.
A lost message, a crash between two steps, a mapping that was changed by hand: the next turn finds
the difference and removes it.
"""

from collections.abc import Callable
from enum import StrEnum

from handlers.common.circuit.events import Tick
from handlers.common.circuit.machine import Machine, probe_due
from handlers.common.circuit.state import Circuit, State
from handlers.common.errors import AwsUnavailable
from handlers.common.telemetry.logs import defect_of, logger
from handlers.subscription_manager import backlog
from handlers.subscription_manager.announce import announce
from handlers.subscription_manager.lease import Lease, LeaseHeld, LeaseLost, leased
from handlers.subscription_manager.ports import MappingBusy, Ports
from handlers.subscription_manager.probing import probe
from handlers.subscription_manager.reading import NewerCircuit, circuit_of
from handlers.subscription_manager.settings import Managed
from handlers.subscription_manager.transitions import circuit_after

PASSES = 4
"""How often one turn follows a circuit that changes under its hands."""

A_TURN = 10.0
"""Seconds that a turn without a probe takes at most."""

TRIES = 3
"""How often a busy mapping is asked; then it is left to the next turn."""

LEVELS = {State.CLOSED: 0, State.HALF_OPEN: 1, State.OPEN: 2, State.HELD: 3}


class Turn(StrEnum):
    """How a turn went."""

    DONE = "done"
    BUSY = "busy"
    FAILED = "failed"


class Reconciler:
    """Turns for the services of one stack."""

    def __init__(self, ports: Ports, machine: Machine, retention: float) -> None:
        self._ports, self._machine, self._retention = ports, machine, retention

    def turn(self, managed: Managed, deadline: float, patience: int = 0) -> Turn:
        """One turn; it raises nothing, since each service stands alone.

        Args:
            managed: The service.
            deadline: When this invocation ends (epoch seconds).
            patience: How often to try for the lease where another manager holds it.
        """
        service = managed.service
        try:
            with leased(self._ports, service, self._machine.rules.turn, patience=patience) as lease:
                whole = self._settle(managed, lease, deadline)
        except (LeaseHeld, LeaseLost) as error:
            logger.info("turn left to another manager", managed=service, reason=str(error))
            return Turn.BUSY
        except (AwsUnavailable, NewerCircuit) as error:
            logger.warning("turn failed", managed=service, reason=str(error))
            return Turn.FAILED
        except Exception as error:  # noqa: BLE001 - a defect in one service's turn must not stop another's
            logger.error("turn failed", extra={"managed": service, **defect_of(error)})
            return Turn.FAILED
        if whole:
            self._ports.emit({"Reconciles": (1, "Count")}, service=service)
        return Turn.DONE if whole else Turn.FAILED

    def await_ramp(self, managed: Managed, deadline: float) -> bool:
        """Waits for the end of a ramp that comes within a turn from now; whether it is over.

        The schedule keeps its minute, not its second: left to the next turn, a service could work
        at the ramp's concurrency for two minutes more. No lease is held meanwhile.
        """
        try:
            circuit = circuit_of(self._ports.circuits, managed.service)
        except (AwsUnavailable, NewerCircuit):
            return False
        left = circuit.ramp_until - self._ports.clock()
        soon = 0 < left <= self._machine.rules.turn
        in_time = self._ports.clock() + left + A_TURN <= deadline
        if circuit.state is not State.HALF_OPEN or not soon or not in_time:
            return False
        self._ports.pause(left)
        return True

    def _settle(self, managed: Managed, lease: Lease, deadline: float) -> bool:
        """Follows the circuit until it rests; whether every step worked."""
        circuit, aligned, probed = self._present(managed), False, False
        for _ in range(PASSES):
            lease.keep()
            aligned = self._step("mapping", managed, lambda c=circuit: self._align(managed, c))
            if not probed and probe_due(circuit, self._ports.clock()):
                probed = True
                probe(self._ports, self._machine, managed, circuit, lease, deadline)
            newest = circuit_of(self._ports.circuits, managed.service)
            if newest.generation == circuit.generation:
                break
            circuit = newest
        else:
            aligned = False
        announced = self._step("announcing", managed, lambda: announce(self._ports, managed))
        measured = self._step("measuring", managed, lambda: self._measure(managed, circuit))
        return aligned and announced and measured

    def _step(self, name: str, managed: Managed, work: Callable[[], object]) -> bool:
        """Runs a step on which the others do not depend; whether it worked."""
        try:
            work()
        except (AwsUnavailable, MappingBusy) as error:
            logger.warning(
                "left to the next turn", managed=managed.service, step=name, reason=str(error)
            )
            return False
        return True

    def _present(self, managed: Managed) -> Circuit:
        """The circuit after what time and the alarm have to say."""
        circuit = circuit_after(self._ports, self._machine, managed.service, Tick())
        if not circuit.calls_allowed:
            return circuit
        try:
            alarm = self._ports.alarms.firing(managed.alarm, self._ports.clock())
        except AwsUnavailable as error:
            logger.warning("alarm not read", managed=managed.service, reason=str(error))
            return circuit
        if alarm is None:
            return circuit
        return circuit_after(self._ports, self._machine, managed.service, alarm)

    def _align(self, managed: Managed, circuit: Circuit) -> None:
        """Makes the mapping as the circuit wants it, in one call."""
        enabled, concurrency = self._machine.wanted_mapping(circuit, managed.concurrency)
        for left in range(TRIES - 1, -1, -1):
            view = self._ports.mappings.view(managed.mapping)
            if view.agrees(enabled, concurrency):
                return
            try:
                self._ports.mappings.change(
                    managed.mapping, enabled=enabled, concurrency=concurrency
                )
            except MappingBusy:
                if not left:
                    raise
                self._ports.pause(self._machine.rules.turn / 60)
                continue
            logger.info(
                "mapping changed",
                managed=managed.service,
                found=view.state,
                found_reason=view.reason,
                enabled=enabled,
                concurrency=concurrency,
            )
            return

    def _measure(self, managed: Managed, circuit: Circuit) -> None:
        metrics: dict[str, tuple[float, str]] = {
            "CircuitState": (LEVELS[circuit.state], "None"),
        }
        try:
            left = backlog.measured(
                self._ports, managed, circuit, self._retention
            ).time_to_data_loss
            if left is not None:
                metrics["TimeToDataLoss"] = (left, "Seconds")
        finally:
            self._ports.emit(metrics, service=managed.service)
