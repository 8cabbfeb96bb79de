"""The services, each described once.

Queue, dead letters, subscription, role, log group, function, mapping, alarms, dashboard row and
the manager's list follow from these values. A new service is one value here and one directory
under handlers/.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from components.grants import Grant
from components.names import Names

if TYPE_CHECKING:
    from components.settings import ServiceOverride


def no_grants(_names: Names) -> tuple[Grant, ...]:
    """A service that needs no more than every worker."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Service:
    """One worker.

    Attributes:
        name: The service's name in AWS; its directory is the same with underscores.
        transaction_type: The message attribute that routes a transaction to it.
        memory: MB.
        timeout: Seconds.
        batch_size: Messages of one invocation; at most 10 on FIFO.
        money: Whether its transactions have an amount, which the dashboard sums up.
        concurrency: The most invocations at once while the circuit is closed.
        environment: Extra variables of the function: name to the setting that fills it.
        grants: What it may do beyond what every worker may.
    """

    name: str
    transaction_type: str
    memory: int = 512
    timeout: int = 30
    batch_size: int = 10
    concurrency: int = 50
    money: bool = False
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    grants: Callable[[Names], tuple[Grant, ...]] = no_grants

    @property
    def directory(self) -> str:
        """The service's directory under handlers/."""
        return self.name.replace("-", "_")


SERVICES: tuple[Service, ...] = (
    Service(
        name="bank-account-setup",
        transaction_type="bank_account_setup",
        environment={"VERIFY_CHECKSUM": "verify_checksum"},
    ),
    Service(
        name="payment-processing",
        transaction_type="payment",
        money=True,
        environment={
            "FEE_THRESHOLD": "fee_threshold",
            "FEE_RATE": "fee_rate",
            "MISSING_ACCOUNT": "missing_account",
        },
    ),
)


def sized(service: Service, overrides: Mapping[str, "ServiceOverride"]) -> Service:
    """The service as a stack runs it."""
    override = overrides.get(service.name)
    if override is None:
        return service
    return replace(
        service,
        memory=override.memory or service.memory,
        timeout=override.timeout or service.timeout,
        batch_size=override.batch_size or service.batch_size,
        concurrency=override.concurrency or service.concurrency,
    )
