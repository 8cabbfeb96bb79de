"""The environment of the manager's function."""

from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import asdict

from handlers.common.circuit.rules import Rules
from handlers.common.settings import decoded, rules, seconds, text

SERVICE = "{service}"
"""Stands for a service's name; nothing else in braces is known."""

Pattern = Annotated[str, Meta(pattern=r"^[^{}]*\{service\}[^{}]*$")]
Concurrency = Annotated[int, Meta(ge=2, le=1000)]
Timeout = Annotated[float, Meta(gt=0, le=900)]


class Managed(msgspec.Struct, frozen=True, kw_only=True):
    """One service in the manager's care. Nothing outside this list is ever touched.

    Attributes:
        mapping: The UUID of its event source mapping.
        queue: URL of its queue.
        dead_letter_queue: URL of its dead-letter queue.
        concurrency: Full MaximumConcurrency; Lambda takes 2 to 1000.
        alarm: Name of the alarm that is the circuit's backstop.
        timeout: Of the worker's function, in seconds.
    """

    service: str
    function: str
    mapping: str
    queue: str
    dead_letter_queue: str
    concurrency: Concurrency
    alarm: str
    timeout: Timeout


class Patterns(msgspec.Struct, frozen=True, kw_only=True):
    """What the things of each service are called."""

    function: Pattern
    queue: Pattern
    dead_letter_queue: Pattern
    alarm: Pattern


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """What of a service does not follow from its name."""

    mapping: str
    concurrency: Concurrency
    timeout: Timeout


class ManagedFunctions(msgspec.Struct, frozen=True, kw_only=True):
    """The services as the program tells of them: the names once, as patterns, and what is own.

    Fields that are not known are a newer program's, as with the circuit's rules.
    """

    names: Patterns
    services: dict[str, Own]

    def each(self) -> tuple[Managed, ...]:
        """Every service, its names filled in."""
        patterns = asdict(self.names)
        return tuple(
            Managed(
                service=service,
                **{key: text.replace(SERVICE, service) for key, text in patterns.items()},
                **asdict(own),
            )
            for service, own in self.services.items()
        )


class ManagerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the manager needs. Times are seconds."""

    environment: str
    circuit_table: str
    ledger_table: str
    rules: Rules
    managed: tuple[Managed, ...]
    notifications_topic_arn: str
    queue_retention: float


def manager_settings() -> ManagerSettings:
    """The settings of the manager, from the environment of its function.

    Raises:
        SettingsError: A variable is missing or wrong; it names the variable and the rule.
    """
    return ManagerSettings(
        environment=text("ENVIRONMENT"),
        circuit_table=text("CIRCUIT_TABLE"),
        ledger_table=text("LEDGER_TABLE"),
        rules=rules("CIRCUIT"),
        managed=decoded("MANAGED_FUNCTIONS", ManagedFunctions).each(),
        notifications_topic_arn=text("NOTIFICATIONS_TOPIC_ARN"),
        queue_retention=seconds("QUEUE_RETENTION"),
    )
