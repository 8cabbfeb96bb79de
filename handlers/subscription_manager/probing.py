"""One probe of an open circuit, by one manager only."""

from handlers.common.circuit.events import Probed, Verdict
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.probes import ProbeAnswer
from handlers.common.circuit.state import Circuit
from handlers.common.errors import AwsUnavailable
from handlers.common.telemetry.logs import logger
from handlers.subscription_manager import backlog
from handlers.subscription_manager.lease import Lease
from handlers.subscription_manager.ports import Ports
from handlers.subscription_manager.settings import Managed
from handlers.subscription_manager.transitions import circuit_after

MARGIN = 10.0
"""Seconds beyond the worker's timeout: a cold start, the way there and back."""


def probe(  # noqa: PLR0913, PLR0917 - one probe's surroundings
    ports: Ports,
    machine: Machine,
    managed: Managed,
    circuit: Circuit,
    lease: Lease,
    deadline: float,
) -> None:
    """Probes where there is time for the whole of it, under a lease that outlives it.

    Raises:
        AwsUnavailable: The verdict could not be written; the next turn probes again.
        LeaseLost: Another manager took over; the verdict is void.
    """
    needed = managed.timeout + MARGIN
    if ports.clock() + needed > deadline:
        logger.info("no time for a probe in this invocation", managed=managed.service)
        return
    lease.keep(needed)
    answer = ports.prober.probe(managed, circuit.generation, lease.owner)
    lease.keep()
    verdict = _believed(ports, managed, answer)
    ports.emit({f"Probe{verdict.value.capitalize()}": (1, "Count")}, service=managed.service)
    logger.info("probed", managed=managed.service, verdict=verdict, reason=answer.why)
    probed = Probed(
        generation=circuit.generation,
        verdict=verdict,
        why=answer.why[:500],
        cause=answer.cause,
        cool_down=answer.cool_down,
    )
    circuit_after(ports, machine, managed.service, probed)
    if answer.sent_at is not None:
        backlog.saw_message(ports, managed.service, answer.sent_at)


def _believed(ports: Ports, managed: Managed, answer: ProbeAnswer) -> Verdict:
    """An empty receive proves nothing: messages may be hidden, delayed or in flight."""
    if answer.verdict is not Verdict.EMPTY:
        return answer.verdict
    try:
        empty = ports.queues.counts(managed.queue).total == 0
    except AwsUnavailable:
        empty = False
    return Verdict.EMPTY if empty else Verdict.UNDECIDED
