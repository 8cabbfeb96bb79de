"""What the circuit costs: the neighbour, the bank, the throughput, the gate."""

import math
from collections.abc import Iterator

from bench.circuit.gate_cost import gate_cost
from bench.circuit.job import SYSTEMS, Job
from bench.circuit.marks.judged import PART, Judged
from bench.rows import OURS, Row
from bench.simulator.case import Result
from bench.simulator.stack import stack


def neighbour(judged: Judged) -> Iterator[Row]:
    """The other service's throughput while the first one's circuit is open."""
    figures: dict[str, str] = {}
    held = False
    for system in SYSTEMS:
        (_, well), (_, broken) = (
            judged.of("neighbour", system, name)[0] for name in ("well", "broken")
        )
        rates = (well.neighbour_rate or 0.0, broken.neighbour_rate or 0.0)
        figures[system] = f"{rates[0]:.3f} / {rates[1]:.3f}"
        if system == OURS:
            held = rates[0] == rates[1] > 0
    yield Row(
        part=PART,
        what="other service's messages/s in the same ten minutes, first one's bank well / silent",
        figures=figures,
        mark="unchanged",
        held=held,
    )


def strays(judged: Judged) -> Iterator[Row]:
    """What stray 500s cost in throughput, without an outage."""
    labels = list(dict.fromkeys(job.labels for job, _ in judged.of("strays")))
    labels += [("crowded", *job.labels) for job, _ in judged.of("crowded strays")]
    for first, share in labels:
        if share == "0.0%":
            continue
        part = "crowded strays" if first == "crowded" else "strays"
        before = () if first == "crowded" else (first,)
        figures: dict[str, str] = {}
        lost_by_us = 0.0
        for job, result in judged.of(part, None, *before, share):
            calm = judged.of(part, job.system, *before, "0.0%")[0][1]
            lost = max(1 - result.completed / calm.completed, 0.0)
            pauses = result.events.get("closed>open", 0) + result.events.get("pauses", 0)
            each_hour = pauses * 3600 / job.case.arrivals
            figures[job.system] = f"{lost:.1%} lost, {each_hour:.0f} pauses/h"
            if job.system == OURS:
                lost_by_us = lost
        rate = "800" if first == "crowded" else "100"
        rule = "first failure" if first == "dev" else "prod"
        yield Row(
            part=PART,
            what=f"{share} stray 500s at {rate} messages/s, trip rule {rule}",
            figures=figures,
            mark="" if first == "dev" else "at most 1 % lost",
            held=None if first == "dev" else lost_by_us <= 0.01,  # noqa: PLR2004 - the mark
        )


def halves(judged: Judged) -> Iterator[Row]:
    """How soon a bank is given up that fails half of all calls.

    The rule's window is a minute; a worker that has fewer calls in it than the rule's volume can
    tell by failures in a row only, so the least traffic has no mark.
    """
    names = list(dict.fromkeys(job.labels for job, _ in judged.of("halves")))
    for workers, rate in names:
        found = {job.system: (job, one) for job, one in judged.of("halves", None, workers, rate)}
        job, result = found[OURS]
        window = stack(job.case.stack).rules.window
        sparse = job.case.messages / job.case.arrivals * window / job.case.workers < 2  # noqa: PLR2004 - hardly a call
        after = result.events.get("first_pause", math.inf)
        yield Row(
            part=PART,
            what=f"half of all calls fail, {rate} messages/s on {workers} workers: first pause",
            figures={system: _first_pause(one) for system, (_, one) in found.items()},
            mark="" if sparse else "within the rule's minute",
            held=None if sparse else after <= window,
        )


def _first_pause(result: Result) -> str:
    after = result.events.get("first_pause")
    return "none" if after is None else f"after {after:.0f} s"


def allowed_calls(job: Job, result: Result) -> int:
    """Failed calls to a broken bank that the design allows.

    For each outage what the trip rule needs, what was in flight, and one by each other warm worker
    within the gate's second. One a probe, two a ramp that fails. With several outages it is not
    known what was in flight at each.
    """
    case, events = job.case, result.events
    outages = len(case.manners.outages)
    in_flight = result.in_flight if outages == 1 else case.workers
    needed = stack(case.stack).rules.consecutive_failures
    probes = int(events.get("probes_unwell", 0))
    ramps = int(events.get("half_open>open", 0))
    return outages * (needed + in_flight + case.workers - 1) + probes + 2 * ramps


def calls(judged: Judged) -> Iterator[Row]:
    """Calls to the broken bank and receives burned, and one pause an outage."""
    grid = judged.side_by_side("grid")
    figures = {name: f"{sum(one.failed_calls for _, one in grid[name]):,}" for name in SYSTEMS}
    ours = [
        one
        for part in ("grid", "ranges", "recovery", "neighbour", "unknown")
        for one in judged.of(part, OURS)
    ]
    misses = [
        f"{job.case.name}: {result.failed_calls} > {allowed_calls(job, result)}"
        for job, result in ours
        if result.failed_calls > allowed_calls(job, result)
    ]
    yield Row(
        part=PART,
        what="calls to the broken bank, whole grid",
        figures=figures,
        mark="the rule's 1 or 5, in flight, one a worker, one a probe, two a failed ramp",
        held=not misses,
        note="; ".join(misses[:3]),
    )
    again = [
        f"{job.case.name}: {result.events['closed>open']:.0f} times"
        for job, result in ours
        if result.events.get("closed>open", 0) > len(job.case.manners.outages)
    ]
    yield Row(
        part=PART,
        what="cases in which one outage paused the service more than once",
        figures={OURS: f"{len(again)}"},
        mark="0",
        held=not again,
        note="; ".join(again[:3]),
    )
    figures = {name: f"{sum(one.burned for _, one in grid[name]):,}" for name in SYSTEMS}
    yield Row(part=PART, what="receives burned, whole grid", figures=figures)


def gate(judged: Judged) -> Iterator[Row]:
    """What the gate costs a worker while the circuit is closed."""
    (job, result) = judged.of("strays", OURS, "prod", "0.0%")[0]
    each = result.events["gate_reads"] / (job.case.workers * job.case.arrivals)
    hasty = result.events["hasty_reads"]
    yield Row(
        part=PART,
        what="gate while closed: DynamoDB reads per worker and second",
        figures={OURS: f"{each:.2f}, {hasty:.0f} within a second of the one before"},
        mark="at most 1 in any second",
        held=hasty == 0,
    )
    cost = gate_cost()
    yield Row(
        part=PART,
        what="gate while closed: CPU per batch of ten, and of the one read a second",
        figures={OURS: f"{cost.batch * 1e6:.0f} µs, {cost.read * 1e6:.0f} µs"},
        mark="a batch that reads: under 1 ms",
        held=cost.batch + cost.read < 0.001,  # noqa: PLR2004 - the mark
    )
