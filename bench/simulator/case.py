"""What is simulated, and what came out of it."""

from dataclasses import dataclass, field

from bench.simulator.bank import Manners

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
        opened: Whether the circuit is open at the start and its first cool-down just over.
        defect: From when to when every worker's code is broken.
        poison: Customers on whose messages our own code breaks.
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
    opened: bool = False
    defect: tuple[float, float] | None = None
    poison: frozenset[str] = frozenset()
    person: float = 1800.0
    until: float = 30 * DAY
    watch: float = 0.0


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
        burned: Receives of messages that were not worked off.
        failed_calls: Calls to the bank that failed.
        in_flight: Calls under way when the first one failed.
        first_done: From the bank's healing to the first completed message.
        closed: From the bank's healing to a closed circuit.
        drained: From the bank's healing to an empty queue.
        longest_cool_down: The cool-down in force when the bank healed.
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
    waiting: int = 0
    burned: int = 0
    receives: int = 0
    calls: int = 0
    failed_calls: int = 0
    in_flight: int = 0
    health_checks: int = 0
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
