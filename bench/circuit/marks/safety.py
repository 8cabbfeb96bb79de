"""Messages: none lost, repeated, out of order or set aside for no fault of its own."""

from collections.abc import Callable, Iterator

from bench.circuit.job import SYSTEMS, Job
from bench.circuit.marks.judged import PART, SCHEDULE, Judged
from bench.rows import OURS, Row
from bench.simulator.case import Case, Result
from bench.simulator.stack import stack

SAFETY = (
    "grid",
    "ranges",
    "recovery",
    "neighbour",
    "unknown",
    "strays",
    "crowded strays",
    "faults of ours",
    "deaths",
)


def _lost(job: Job, result: Result) -> int:
    """What waits counts too, but where the case ends in the middle of the traffic."""
    left = result.waiting if job.case.until == Case.until else 0
    return result.lost + result.expired + left


def nothing_lost(judged: Judged) -> Iterator[Row]:
    """Over all outages that end within the retention; ours over everything else too."""
    kinds: dict[str, Callable[[Job, Result], int]] = {
        "messages lost, expired or left waiting": _lost,
        "double charges": lambda _, result: result.double,
        "order violations": lambda _, result: result.disordered,
        "good messages in a dead-letter queue": lambda _, result: result.good_dead,
    }
    grid = judged.side_by_side("grid")
    sent = sum(result.sent for _, result in grid[OURS])
    ours = [one for part in SAFETY for one in judged.of(part, OURS)]
    for what, count in kinds.items():
        figures = {name: f"{sum(count(*one) for one in grid[name]):,}" for name in SYSTEMS}
        figures[OURS] = f"{sum(count(*one) for one in ours):,}"
        misses = [
            f"{job.case.name} ({job.labels[-1]}): {count(job, result)}"
            for job, result in ours
            if count(job, result)
        ]
        yield Row(
            part=PART,
            what=f"{what}, of {sent:,} in the grid; ours in all {len(ours)} cases",
            figures=figures,
            mark="0 in every case",
            held=not misses,
            note="; ".join(misses[:3]),
        )


def beyond_retention(judged: Judged) -> Iterator[Row]:
    """An outage longer than the retention: what the alarm could have saved."""
    found = judged.of("beyond")
    if not found:
        return
    figures: dict[str, str] = {}
    held = False
    mark = ""
    for job, result in found:
        figures[job.system] = (
            f"{result.expired} expired, {result.lost} swallowed, {result.good_dead} dead letters"
        )
        if job.system == OURS:
            warning = stack(job.case.stack).data_loss_warning
            first = result.first_expired or 0.0
            early = first - result.events.get("alarmed_at", first)
            # The age is known a turn late at most, and told a turn later.
            held = early >= warning - SCHEDULE
            mark = f"alarm {warning / 3600:.0f} h before the first is lost, to the schedule's 2 min"
            saved = result.expired if early > 0 else 0
            figures[OURS] += f"; alarm {early / 3600:.2f} h before the first, would save {saved}"
    yield Row(
        part=PART,
        what="outage of 15 days, longer than the retention, 1,000 messages",
        figures=figures,
        mark=mark,
        held=held,
    )


def outcome_unknown(judged: Judged) -> Iterator[Row]:
    """A bank that is silent for longer than it remembers a key."""
    for name in ("can be asked", "cannot be asked"):
        figures: dict[str, str] = {}
        bound, unknown = 0, 0
        for job, result in judged.of("unknown", None, name):
            figures[job.system] = f"{result.unknown}"
            if job.system == OURS:
                # The first call to fail was in flight too.
                bound = 1 + result.in_flight + int(result.events.get("probes_unwell", 0))
                unknown = result.unknown
        asked = name == "can be asked"
        yield Row(
            part=PART,
            what=f"outcome unknown, bank silent for days, {name}",
            figures=figures,
            mark="0" if asked else f"at most {bound}: in flight, and one a probe",
            held=unknown <= (0 if asked else bound),
        )
