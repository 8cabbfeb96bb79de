"""How much waits, and how long until SQS throws the oldest of it away."""

from dataclasses import dataclass

from handlers.common.circuit.state import Circuit
from handlers.subscription_manager.ports import Counts, Ports
from handlers.subscription_manager.settings import Managed


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """One service's queue at one moment.

    Attributes:
        oldest: Age of the oldest message in seconds, at least; None where it is not known.
        time_to_data_loss: Seconds until the oldest message expires; the whole retention while
            nothing waits; None where the age is not known.
    """

    counts: Counts
    oldest: float | None
    time_to_data_loss: float | None


def measured(ports: Ports, managed: Managed, circuit: Circuit, retention: float) -> Backlog:
    """Counts the queue and finds its age, and remembers the oldest message that is known of.

    Two sources, and the older one is believed: CloudWatch's metric, which leaves out messages that
    were received often; and what the manager saw itself. While the circuit lets nobody call, no
    message leaves the queue, so one that waited once still waits.

    Raises:
        AwsUnavailable: The queue could not be counted.
    """
    now = ports.clock()
    counts = ports.queues.counts(managed.queue)
    head = ports.records.notes(managed.service).head_sent_at
    if counts.total == 0 or circuit.calls_allowed:
        if head is not None:
            ports.records.note_head(managed.service, None)
        head = None
    elif head is None:
        head = now
        ports.records.note_head(managed.service, head)
    if counts.total == 0:
        return Backlog(counts=counts, oldest=None, time_to_data_loss=retention)
    ages = [
        age for age in (ports.queues.age(managed.queue), head and now - head) if age is not None
    ]
    oldest = max(ages, default=None)
    left = None if oldest is None else max(retention - oldest, 0.0)
    return Backlog(counts=counts, oldest=oldest, time_to_data_loss=left)


def saw_message(ports: Ports, service: str, sent_at: float) -> None:
    """Remembers a message that a probe met, if it is older than the oldest known so far."""
    head = ports.records.notes(service).head_sent_at
    if head is None or sent_at < head:
        ports.records.note_head(service, sent_at)
