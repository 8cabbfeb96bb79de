"""What the real manager sees of the world: the simulated queues, workers and metrics."""

from typing import Protocol

from bench.simulator.bank import Bank
from bench.simulator.deaths import Crash
from bench.simulator.engine import Engine
from bench.simulator.lambdas import Fleet
from bench.simulator.queue import Queue
from bench.simulator.stack import Stack
from bench.simulator.workers import RealWorker
from handlers.common.circuit.events import Verdict
from handlers.common.circuit.probes import ProbeAnswer, ProbeRequest
from handlers.subscription_manager.ports import Counts, Letter
from handlers.subscription_manager.settings import Managed

RARELY_RECEIVED = 3
"""CloudWatch's age leaves out messages that were received more often."""


class Parts(Protocol):
    """What there is of a service."""

    engine: Engine
    stack: Stack
    bank: Bank
    queue: Queue
    dead: Queue
    fleet: Fleet[RealWorker]
    events: dict[str, float]


class Surroundings:
    """The manager's ports onto one service.

    Attributes:
        least_left: The least time to data loss that the manager has told, in seconds.
        alarmed_at: When it was first below its alarm's threshold.
    """

    def __init__(self, of: Parts) -> None:
        self._of = of
        self._leases = 0
        self.least_left = of.stack.queue_retention
        self.alarmed_at: float | None = None

    def new_owner(self) -> str:
        """The name of a lease's holder."""
        self._leases += 1
        return f"manager-{self._leases}"

    def emit(self, metrics: dict[str, tuple[float, str]], **_: str) -> None:
        """The manager's metrics; of these the time to data loss is kept."""
        left = metrics.get("TimeToDataLoss")
        if left is None:
            return
        self.least_left = min(self.least_left, left[0])
        if left[0] <= self._of.stack.data_loss_warning and self.alarmed_at is None:
            self.alarmed_at = self._of.engine.now

    def counts(self, url: str) -> Counts:
        """See ports.Queues."""
        queue = self._of.queue if url == "queue" else self._of.dead
        return Counts(visible=queue.visible, in_flight=queue.in_flight, delayed=0)

    def age(self, url: str) -> float | None:
        """See ports.Queues."""
        del url
        oldest = self._of.queue.oldest(RARELY_RECEIVED)
        return None if oldest is None else self._of.engine.now - oldest

    def probe(self, managed: Managed, generation: int, lease: str) -> ProbeAnswer:
        """See ports.Prober: a synchronous invocation of any worker."""
        self._of.events["probes"] += 1
        calls = self._of.bank.books.calls
        one = self._of.fleet.take()
        request = ProbeRequest(service=managed.service, generation=generation, lease=lease)
        try:
            answer = one.worker.probe(request, managed.timeout)
        except Crash:
            self._of.events["probes_died"] += 1
            answer = ProbeAnswer(verdict=Verdict.UNDECIDED, why="the worker failed")
        else:
            self._of.fleet.give_back(one)
        self._of.events["probe_calls"] += self._of.bank.books.calls - calls
        self._of.events[f"probes_{answer.verdict.value}"] += 1
        return answer

    def publish(self, subject: str, content: object) -> None:
        """See ports.Notifications."""
        del subject, content
        self._of.events["notifications"] += 1

    def receive(self, url: str, hidden: float) -> list[Letter]:
        """See ports.Letters; nobody orders a redrive here."""
        del url, hidden
        return []

    def send_back(self, url: str, letter: Letter, redrive_id: str) -> None:
        """See ports.Letters."""

    def delete(self, url: str, letter: Letter) -> None:
        """See ports.Letters."""

    def hide(self, url: str, letter: Letter, seconds: float) -> None:
        """See ports.Letters."""

    def overtaken(self, service: str, letter: Letter) -> bool:
        """See ports.Precedence."""
        del service, letter
        return False
