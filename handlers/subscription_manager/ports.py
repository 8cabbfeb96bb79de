"""What the manager needs of the world, so that tests and the simulator can stand in for it.

Every method raises AwsUnavailable where AWS fails or throttles, unless it says otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from handlers.common.circuit.events import Alarm
from handlers.common.circuit.probes import ProbeAnswer
from handlers.common.circuit.store import CircuitStore
from handlers.common.errors import ServiceError
from handlers.subscription_manager.notices import Notice
from handlers.subscription_manager.records import Records
from handlers.subscription_manager.settings import Managed


@dataclass(frozen=True, kw_only=True)
class MappingView:
    """An event source mapping as Lambda shows it.

    Attributes:
        state: Lambda's word, e.g. "Enabled" or "Disabling".
        concurrency: MaximumConcurrency; None where it is not limited.
        reason: Lambda's StateTransitionReason: it also disables mappings by itself.
    """

    state: str
    concurrency: int | None
    reason: str = ""

    def agrees(self, enabled: bool, concurrency: int) -> bool:
        """Whether it is as wanted, or on its way there. The limit of a disabled one is moot.

        "Updating" is what Lambda shows while the limit of an enabled one changes.
        """
        if enabled:
            on = self.state in ("Enabled", "Enabling", "Updating")
            return on and self.concurrency == concurrency
        return self.state in ("Disabled", "Disabling")


class MappingBusy(ServiceError):
    """The mapping is in transition, or Lambda's control plane throttles: later."""


class Mappings(Protocol):
    """Event source mappings."""

    def view(self, mapping: str) -> MappingView:
        """The mapping with this UUID."""
        ...

    def change(self, mapping: str, *, enabled: bool, concurrency: int) -> None:
        """Sets both in one call. Raises MappingBusy where it has to wait."""
        ...


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Messages of one queue, as far as SQS knows them."""

    visible: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.visible + self.in_flight + self.delayed


class Queues(Protocol):
    """What is known of queues without receiving from them."""

    def counts(self, url: str) -> Counts:
        """How many messages wait."""
        ...

    def age(self, url: str) -> float | None:
        """Age of the oldest message in seconds; None where it is not known."""
        ...


class Prober(Protocol):
    """Runs one probe in the worker."""

    def probe(self, managed: Managed, generation: int, lease: str) -> ProbeAnswer:
        """The worker's verdict; undecided where it did not answer. Raises nothing."""
        ...


class Alarms(Protocol):
    """CloudWatch's alarms."""

    def firing(self, name: str, now: float) -> Alarm | None:
        """The alarm if it is in ALARM, with the newest moment that it surely speaks of."""
        ...


class Notifications(Protocol):
    """Where people read what happened."""

    def publish(self, subject: str, content: Notice) -> None:
        """Publishes one message."""
        ...


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One dead letter.

    Attributes:
        id: SQS's MessageId: another one for each dead-lettering, the same for each receive.
        attributes: Its message attributes as SQS gives them.
        sent_at: When it became a dead letter, by SQS's clock (epoch seconds).
    """

    id: str
    receipt: str
    body: str
    group: str
    attributes: dict[str, Any] = {}
    sent_at: float = 0.0


class Letters(Protocol):
    """Dead-letter queues, and the way back."""

    def receive(self, url: str, hidden: float) -> list[Letter]:
        """Some letters, hidden from others for some seconds; none where none is visible."""
        ...

    def send_back(self, url: str, letter: Letter, redrive_id: str) -> None:
        """Sends a letter to its queue; twice within minutes has the effect of once.

        Raises:
            AwsRefused: SQS will never take it.
        """
        ...

    def delete(self, url: str, letter: Letter) -> None:
        """Takes a letter out of the dead-letter queue."""
        ...

    def hide(self, url: str, letter: Letter, seconds: float) -> None:
        """Keeps a letter hidden for so long from now on; 0 shows it again."""
        ...


class Precedence(Protocol):
    """What the ledger knows of the order within a group."""

    def overtaken(self, service: str, letter: Letter) -> bool:
        """Whether a later message of the letter's group was completed."""
        ...


Emit = Callable[..., None]
"""telemetry.logs.emit: metrics by name, dimensions by keyword."""


@dataclass(frozen=True, kw_only=True)
class Ports:
    """All of the outside at once.

    Attributes:
        clock: Epoch seconds.
        pause: Waits some seconds.
        new_owner: A name that nobody else has, for the holder of a lease.
    """

    circuits: CircuitStore
    records: Records
    mappings: Mappings
    queues: Queues
    prober: Prober
    alarms: Alarms
    notifications: Notifications
    letters: Letters
    precedence: Precedence
    emit: Emit
    clock: Callable[[], float]
    pause: Callable[[float], None]
    new_owner: Callable[[], str]
