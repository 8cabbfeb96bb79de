"""How the flow grows with what is turned, simulated, beside the rule that says so on paper.

The rule: a service works off the least of what arrives, what its concurrency lets at the bank at
once over the bank's time for a call, and the same for its customers, because one customer's
messages are worked in order by one worker.
"""

from dataclasses import dataclass
from pathlib import Path

from bench.circuit.job import Job
from bench.circuit.run import run_all
from bench.rows import OURS, Row
from bench.simulator.bank import Manners
from bench.simulator.case import Case, Result

PART = "scaling, simulated"
STEADY = 60.0
"""Seconds after which Lambda has added what pollers it adds for the fastest case here."""

NEAR = 0.9
"""The share of the rule's figure that is as good as it: messages wait for a poll and a read."""


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One situation of a service.

    Attributes:
        arrive: Messages a second.
        concurrency: Batches worked at once, at most.
        customers: Groups among which they are spread.
        call: The bank's seconds for a call.
        depth: From which depth on it is simulated.
    """

    arrive: float
    concurrency: int
    customers: int = 10_000
    call: float = 0.1
    depth: str = "quick"

    @property
    def by_rule(self) -> float:
        """Messages a second that are worked off, on paper."""
        return min(self.arrive, self.concurrency / self.call, self.customers / self.call)

    @property
    def what(self) -> str:
        """In words."""
        who = "1 customer" if self.customers == 1 else f"{self.customers:,} customers"
        return f"{self.arrive:,.0f}/s, concurrency {self.concurrency}, {who}, bank {self.call:g} s"

    def job(self) -> Job:
        """Twice the time that it takes to become steady."""
        case = Case(
            name=self.what,
            messages=round(self.arrive * 2 * STEADY),
            arrivals=2 * STEADY,
            customers=self.customers,
            workers=self.concurrency,
            manners=Manners(latency=self.call),
            watch=5.0,
        )
        return Job(part=PART, system=OURS, case=case)


FLOWS = (
    Flow(arrive=10, concurrency=10),
    Flow(arrive=100, concurrency=10, call=0.2),
    Flow(arrive=100, concurrency=50, call=0.2),
    Flow(arrive=20, concurrency=50, customers=1),
    Flow(arrive=200, concurrency=50, call=1.0),
    Flow(arrive=1000, concurrency=120, depth="default"),
)
DEPTHS = ("quick", "default", "all")


def measure(depth: str, folder: Path) -> list[Row]:
    """Simulates the flows of a depth and of those below it."""
    del folder
    wanted = [one for one in FLOWS if DEPTHS.index(one.depth) <= DEPTHS.index(depth)]
    found = {job.case.name: result for job, result in run_all(one.job() for one in wanted)}
    return [row(flow, found[flow.what]) for flow in wanted]


def steady_rate(result: Result) -> float:
    """Messages a second that were worked off in the second half of the arrivals."""
    first, last = (next(s for s in result.samples if s.at >= at) for at in (STEADY, 2 * STEADY))
    return (last.completed - first.completed) / (last.at - first.at)


def row(flow: Flow, result: Result) -> Row:
    """A flow's line of the table."""
    rate = steady_rate(result)
    waiting = next(s.backlog for s in result.samples if s.at >= 2 * STEADY)
    batch = result.sent / result.events["invocations"]
    return Row(
        part=PART,
        what=flow.what,
        figures={
            OURS: f"{rate:,.0f}/s, {batch:.1f} a batch, {waiting:,} wait at the end",
            "the rule": f"{flow.by_rule:,.0f}/s",
        },
        mark=f"at least {NEAR} of the rule",
        held=rate >= NEAR * flow.by_rule,
    )
