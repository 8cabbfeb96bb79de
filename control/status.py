"""What an operator sees of a stack in one look."""

import time
from concurrent.futures import ThreadPoolExecutor

import msgspec

from control.stack import METRICS, Firing, Stack
from control.times import iso
from handlers.subscription_manager.settings import Managed

ENABLED = {"closed": True, "half_open": True, "open": False, "held": False}


class ServiceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One service. Times are ISO in UTC, durations seconds, None where it is not known.

    Attributes:
        since: When the present state began; each probe that fails begins it anew.
        paused_since: When the circuit ceased to be closed: how old the outage is.
        mapping: State of the subscription's mapping.
        agrees: Whether the mapping is as the circuit wants it.
        depth: Messages in the queue, hidden ones included.
        age: Of the oldest message, by CloudWatch, up to 15 minutes late.
        time_to_data_loss: Until SQS throws the oldest message away.
    """

    service: str
    circuit: str
    why: str
    who: str
    cause: str | None
    since: str | None
    paused_since: str | None
    generation: int
    next_probe_at: str | None
    hold_until: str | None
    closes_at: str | None
    mapping: str
    concurrency: int | None
    agrees: bool
    depth: int
    in_flight: int
    age: float | None
    dead_letters: int
    time_to_data_loss: float | None


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """One stack. `well` is true where every circuit is closed and no alarm fires."""

    stack: str
    at: str
    well: bool
    services: list[ServiceStatus]
    unrouted: int
    alarms: list[Firing]


def read_status(stack: Stack) -> Status:
    """The stack as it is now; the services are read side by side."""

    def read(service: Managed) -> ServiceStatus:
        return read_service(stack, service)

    with ThreadPoolExecutor(max_workers=len(stack.services) + 2) as pool:
        alarms, unrouted = pool.submit(stack.firing), pool.submit(stack.unrouted)
        services = list(pool.map(read, stack.services.values()))
    closed = all(service.circuit == "closed" for service in services)
    return Status(
        stack=stack.place.stack,
        at=iso(time.time()) or "",
        well=closed and not alarms.result(),
        services=services,
        unrouted=unrouted.result(),
        alarms=alarms.result(),
    )


def read_service(stack: Stack, service: Managed) -> ServiceStatus:
    """One service as it is now."""
    circuit = stack.records.circuit(service.service)
    state, concurrency = stack.mapping(service)
    visible, in_flight, delayed = stack.counts(service.queue)
    depth = visible + in_flight + delayed
    name, own = service.queue.rpartition("/")[2], {"service": service.service}
    age = stack.newest("AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum", QueueName=name)
    left = stack.newest(METRICS, "TimeToDataLoss", "Minimum", **own, environment=stack.place.stack)
    is_open = circuit.state == "open"
    return ServiceStatus(
        service=service.service,
        circuit=circuit.state,
        why=circuit.why,
        who=circuit.who,
        cause=circuit.cause,
        since=iso(circuit.since),
        paused_since=None if circuit.state == "closed" else iso(circuit.left_closed_at),
        generation=circuit.generation,
        next_probe_at=iso(circuit.retry_at) if is_open else None,
        hold_until=iso(circuit.hold_until) if circuit.state == "held" else None,
        closes_at=iso(circuit.ramp_until) if circuit.state == "half_open" else None,
        mapping=state,
        concurrency=concurrency,
        agrees=(state == "Enabled") == ENABLED.get(circuit.state),
        depth=depth,
        in_flight=in_flight,
        age=age if depth else None,
        dead_letters=sum(stack.counts(service.dead_letter_queue)),
        time_to_data_loss=left,
    )
