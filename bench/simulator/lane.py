"""What every system under test has: a queue, its dead letters, and the function that works it."""

import random
from typing import Generic

from bench.simulator.case import Case
from bench.simulator.deaths import Fate
from bench.simulator.engine import Engine
from bench.simulator.lambdas import Fleet, Mapping, W
from bench.simulator.queue import Queue
from bench.simulator.stack import Stack


class Lane(Generic[W]):
    """One service's way from its queue to its workers; subclasses say what these are.

    Attributes:
        fleet: From `serve` on, for its workers are made of what a subclass has.
        mapping: The same.
    """

    fleet: Fleet[W]
    mapping: Mapping[W]

    def __init__(self, engine: Engine, case: Case, stack: Stack, *, max_receives: int) -> None:
        self.engine, self.case, self.stack = engine, case, stack
        self.start = engine.now
        self.fate = Fate(engine, case.deaths, case.seed)
        self.dead = Queue(engine, retention=stack.queue_retention)
        self.queue = Queue(
            engine,
            visibility=stack.visibility,
            retention=stack.queue_retention,
            max_receives=max_receives,
            dead_letters=self.dead,
        )

    @property
    def concurrency(self) -> int:
        """The mapping's; two is Lambda's least."""
        return max(self.case.workers, 2)

    def serve(self, rng: random.Random) -> None:
        """Start the workers and deliver to them."""
        case = self.case
        self.fleet = Fleet(self.engine, self.new_worker, warm=case.workers, rng=rng)
        self.mapping = Mapping(
            self.engine,
            self.queue,
            self.fleet,
            concurrency=self.concurrency,
            most=case.workers,
            timeout=self.stack.timeout,
            delay=lambda: rng.uniform(*case.mapping_delay),
        )

    def new_worker(self) -> W:
        """A new execution environment."""
        raise NotImplementedError
