"""A probe of an open circuit, and the queue that it takes its messages from."""

from typing import Any

from handlers.common.bank.key import BankKey
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.probes import ProbeAnswer, ProbeRequest
from handlers.common.messages.delivery import Delivery, from_event
from handlers.common.worker.probe import Probe
from tests.unit.handlers.common.figures import SERVICE
from tests.unit.handlers.common.world import World
from tests.unit.handlers.rules import FIRST_FAILURE

LEASE = "manager-1"


class Queue:
    """The worker's queue, as a probe sees it."""

    def __init__(self, *records: dict[str, Any]) -> None:
        self.waiting = [from_event(record) for record in records]
        self.deleted: list[str] = []
        self.waits: list[float] = []

    def receive(self, wait: float) -> Delivery | None:
        self.waits.append(wait)
        return self.waiting.pop(0) if self.waiting else None

    def delete(self, delivery: Delivery) -> None:
        self.deleted.append(delivery.carrier)


def opened(*, wait_for_account: bool = False) -> World:
    world = World(FIRST_FAILURE, wait_for_account=wait_for_account)
    world.trip()
    return world


def probed(  # noqa: PLR0913 - what a probe depends on
    world: World,
    queue: Queue,
    *,
    generation: int = 1,
    lease: str = LEASE,
    remaining: float = 60,
    jitter: float = 0.0,
    key: BankKey | None = None,
) -> ProbeAnswer:
    probe = Probe(
        world.worker,
        store=world.store,
        lease_owner=lambda _: LEASE,
        bank=world.bank,
        key=key,
        source=queue,
        hand_back=world.sink.hide,
        machine=Machine(FIRST_FAILURE, lambda: jitter),
    )
    request = ProbeRequest(service=SERVICE, generation=generation, lease=lease)
    return probe.run(request, world.now + remaining)
