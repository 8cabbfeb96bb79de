"""The environment of the manager's function."""

from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.common.circuit.rules import Rules
from handlers.common.settings import decoded, rules, seconds, text


class Managed(msgspec.Struct, frozen=True, kw_only=True):
    """One service in the manager's care. Nothing outside this list is ever touched.

    Fields that are not known are a newer program's, as with the circuit's rules.

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
    concurrency: Annotated[int, Meta(ge=2, le=1000)]
    alarm: str
    timeout: Annotated[float, Meta(gt=0, le=900)]


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
        managed=decoded("MANAGED_FUNCTIONS", tuple[Managed, ...]),
        notifications_topic_arn=text("NOTIFICATIONS_TOPIC_ARN"),
        queue_retention=seconds("QUEUE_RETENTION"),
    )
