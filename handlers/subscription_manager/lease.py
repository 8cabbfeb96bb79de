"""Who works on a service now: one manager at a time, and never for ever.

DynamoDB has no clock of its own, so a lease ends by the clocks of those who hold and want it, with
a margin for their difference. The holder asks again before each act that must not be done twice.
"""

from collections.abc import Generator
from contextlib import contextmanager, suppress

from handlers.common.errors import AwsUnavailable, ServiceError
from handlers.common.telemetry.logs import logger
from handlers.subscription_manager.ports import Ports
from handlers.subscription_manager.records import LEASE

LENGTH = 0.7
SKEW = 0.1
"""In turns: a lease whose holder died has ended, margin included, before the next turn begins."""


class LeaseHeld(ServiceError):
    """Another manager works on this service."""


class LeaseLost(ServiceError):
    """The lease ended and another manager took it: stop at once."""


class Lease:
    """A lease that this manager holds."""

    def __init__(self, ports: Ports, service: str, name: str, turn: float) -> None:
        self._ports, self._service, self._name, self._turn = ports, service, name, turn
        self.owner = ports.new_owner()

    def take(self) -> None:
        """Takes it.

        Raises:
            LeaseHeld: Another holds it.
        """
        now = self._ports.clock()
        taken = self._ports.records.take_lease(
            self._service,
            self._name,
            self.owner,
            now - SKEW * self._turn,
            now + LENGTH * self._turn,
        )
        if not taken:
            raise LeaseHeld(f"another manager holds {self._name} of {self._service}")

    def keep(self, least: float = 0.0) -> None:
        """Asks whether it is still ours and holds it for a while, `least` seconds at least.

        Raises:
            LeaseLost: It is another's by now.
        """
        until = self._ports.clock() + max(LENGTH * self._turn, least)
        if not self._ports.records.keep_lease(self._service, self._name, self.owner, until):
            raise LeaseLost(f"{self._name} of {self._service} was taken over")

    def free(self) -> None:
        """Gives it back. Where that fails it ends by itself."""
        with suppress(AwsUnavailable):
            self._ports.records.free_lease(self._service, self._name, self.owner)


@contextmanager
def leased(
    ports: Ports, service: str, turn: float, *, name: str = LEASE, patience: int = 0
) -> Generator[Lease]:
    """Holds a lease for the block.

    Args:
        ports: The outside.
        service: Whose lease.
        turn: Seconds between two turns; the lease's length follows from it.
        name: Which of the service's leases.
        patience: How often to try again, a twentieth of a turn apart.

    Raises:
        LeaseHeld: Another holds it.
    """
    lease = Lease(ports, service, name, turn)
    for left in range(patience, -1, -1):
        try:
            lease.take()
            break
        except LeaseHeld:
            if not left:
                raise
            ports.pause(turn / 20)
    logger.debug("lease taken", managed=service, lease=name, owner=lease.owner)
    try:
        yield lease
    finally:
        lease.free()
