"""What is simulated, and what came out of it."""

from dataclasses import dataclass, field
from math import isfinite

from bench.simulator.bank import Manners
from bench.simulator.deaths import Deaths

DAY = 86_400.0


@dataclass(frozen=True, kw_only=True)
class Case:
    """One situation. Times are seconds from its start.

    Attributes:
        messages: How many arrive, spread evenly at random over `arrivals`.
        customers: Groups among which they are spread.
        workers: Warm at the start, and the most that run at once.
        stack: Whose settings count; its trip rule above all.
        mapping_delay: Least and greatest time that a change of the mapping takes.
        neighbour: Messages of a second service with a healthy bank, in the same time.
        listened: From when to when the second service's throughput is counted.
        opened: Whether the circuit is open at the start and its first cool-down just over.
        defect: From when to when every worker's code is broken.
        poison: Customers on whose messages our own code breaks.
        deadly: Customers on whose messages the worker's process dies.
        deaths: When workers' processes die; None for never.
        person: The rival's person looks after the service so long after it stopped.
        until: When the simulation ends at the latest.
        watch: How often the backlog is looked at, for pictures; 0 for never.
    """

    name: str
    messages: int
    arrivals: float
    manners: Manners = field(default_factory=Manners)
    customers: int = 1000
    workers: int = 50
    stack: str = "prod"
    seed: int = 1
    mapping_delay: tuple[float, float] = (5.0, 30.0)
    neighbour: int = 0
    listened: tuple[float, float] = (0.0, 0.0)
    opened: bool = False
    defect: tuple[float, float] | None = None
    poison: frozenset[str] = frozenset()
    deadly: frozenset[str] = frozenset()
    deaths: Deaths | None = None
    person: float = 1800.0
    until: float = 30 * DAY
    watch: float = 0.0

    @property
    def bad(self) -> frozenset[str]:
        """Customers whose message something is wrong with."""
        return self.manners.breaks_on | self.poison | self.deadly

    @property
    def mended_at(self) -> float:
        """When the last fault of our own ends; 0 where there is none, or none that ends."""
        ends = [self.defect[1] if self.defect else 0.0, self.deaths.end if self.deaths else 0.0]
        return max(end for end in ends if isfinite(end))


@dataclass(kw_only=True)
class Sample:
    """The service at one moment."""

    at: float
    backlog: int
    completed: int
    failed_calls: int
    burned: int
    state: str


@dataclass(kw_only=True)
class Result:
    """What became of the messages and what it cost. Times are seconds.

    Attributes:
        lost: Neither ended, nor in a queue, nor expired: swallowed.
        expired: Thrown away by the queue's retention before they were completed.
        double: Keys that the bank booked more than once.
        disordered: Completed after a later one of their customer.
        good_dead: Dead letters that nothing is wrong with.
        unknown: Dead letters of which nobody can say whether they were booked.
        unexplained: Dead letters without a reason.
        waiting: Neither ended nor gone when the simulation ended.
        burned: Receives of messages that were not worked off.
        failed_calls: Calls to the bank that failed.
        in_flight: Calls under way when the first one failed.
        deaths: Processes that died.
        first_expired: When the queue threw the first message away.
        first_done: From the last fault's end, the bank's or ours, to the first completed message.
        closed: From then to a closed circuit.
        drained: From then to an empty queue.
        longest_cool_down: The cool-down in force then.
        neighbour_rate: The second service's messages a second while it was listened to.
        events: Counts of what the system under test says of itself.
    """

    system: str
    case: str
    sent: int = 0
    completed: int = 0
    lost: int = 0
    expired: int = 0
    double: int = 0
    disordered: int = 0
    good_dead: int = 0
    bad_dead: int = 0
    unknown: int = 0
    unexplained: int = 0
    waiting: int = 0
    burned: int = 0
    receives: int = 0
    calls: int = 0
    failed_calls: int = 0
    in_flight: int = 0
    deaths: int = 0
    health_checks: int = 0
    first_expired: float | None = None
    first_done: float | None = None
    closed: float | None = None
    drained: float | None = None
    longest_cool_down: float = 0.0
    neighbour_rate: float | None = None
    simulated: float = 0.0
    seconds: float = 0.0
    events: dict[str, float] = field(default_factory=dict[str, float])
    samples: list[Sample] = field(default_factory=list[Sample])
    errors: list[str] = field(default_factory=list[str])
