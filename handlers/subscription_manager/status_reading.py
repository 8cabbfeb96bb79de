"""How a service does, read from everything that knows."""

from collections.abc import Callable
from typing import TypeVar

from handlers.common.circuit.machine import Machine
from handlers.common.errors import AwsUnavailable
from handlers.subscription_manager import backlog
from handlers.subscription_manager.moments import iso
from handlers.subscription_manager.ports import Counts, Ports
from handlers.subscription_manager.reading import circuit_of
from handlers.subscription_manager.settings import Managed
from handlers.subscription_manager.status import (
    MappingStatus,
    QueueStatus,
    RedriveStatus,
    ServiceStatus,
)

T = TypeVar("T")


def status_of(ports: Ports, machine: Machine, managed: Managed, retention: float) -> ServiceStatus:
    """The status of one service, with gaps where AWS does not answer.

    Raises:
        AwsUnavailable: Not even the circuit could be read.
        NewerCircuit: See circuit_of.
    """
    circuit = circuit_of(ports.circuits, managed.service)
    wanted = machine.wanted_mapping(circuit, managed.concurrency)
    mapping = _or_gap(lambda: ports.mappings.view(managed.mapping))
    waits = _or_gap(lambda: backlog.measured(ports, managed, circuit, retention))
    letters = _or_gap(lambda: ports.queues.counts(managed.dead_letter_queue))
    return ServiceStatus(
        circuit=circuit.state,
        generation=circuit.generation,
        since=iso(circuit.since) if circuit.generation else None,
        who=circuit.who,
        why=circuit.why,
        cause=circuit.cause,
        next_probe_at=iso(circuit.retry_at or None),
        hold_until=iso(circuit.hold_until),
        closes_at=iso(circuit.ramp_until or None),
        mapping=mapping
        and MappingStatus(
            state=mapping.state,
            concurrency=mapping.concurrency,
            reason=mapping.reason,
            agrees=mapping.agrees(*wanted),
        ),
        queue=waits and _queue(waits.counts, waits.oldest),
        dead_letters=letters and letters.total,
        time_to_data_loss=waits and waits.time_to_data_loss,
        redrive=_or_gap(lambda: _redrive(ports, managed.service)),
    )


def _queue(counts: Counts, oldest: float | None) -> QueueStatus:
    return QueueStatus(
        visible=counts.visible,
        in_flight=counts.in_flight,
        delayed=counts.delayed,
        oldest=oldest,
    )


def _redrive(ports: Ports, service: str) -> RedriveStatus | None:
    redrive = ports.records.redrive(service)
    return redrive and RedriveStatus(
        ordered_at=iso(redrive.at),
        done_at=iso(redrive.done_at),
        moved=redrive.moved,
        held_back=redrive.held_back,
        passed_over=redrive.passed_over,
    )


def _or_gap(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except AwsUnavailable:
        return None
