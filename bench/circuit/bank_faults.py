"""The situations in which the bank is at fault: the grid, and the other ranges one at a time."""

from collections.abc import Iterator
from itertools import product

from bench.circuit.job import POWERTOOLS, SYSTEMS, Job, beside
from bench.rows import OURS
from bench.simulator.bank import Manners, Outage
from bench.simulator.case import DAY, Case

OUTAGES = {"10 s": 10.0, "10 min": 600.0, "1 h": 3600.0, "1 day": DAY, "13 days": 13 * DAY}
MESSAGES = (10, 1_000, 100_000)
WORKERS = (1, 50, 1_000)

BEFORE, AFTER = 60.0, 600.0
"""Seconds of traffic around an outage."""


def outage(
    length: float,
    *,
    honest: bool = True,
    kind: str = "500",
    booked: float = 0.5,
    tells: bool = True,
) -> Manners:
    """A bank that breaks once, after a minute."""
    broken = Outage(start=BEFORE, end=BEFORE + length, kind=kind, booked=booked)
    return Manners(outages=(broken,), honest=honest, tells=tells)


def around(length: float) -> float:
    """Seconds of traffic for an outage of this length."""
    return BEFORE + length + AFTER


def grid(depth: str) -> Iterator[Job]:
    """Outages by messages by workers, with an honest and with a lying health endpoint."""
    quick = depth == "quick"
    outages = list(OUTAGES.items())[: 3 if quick else 5]
    messages = MESSAGES[:2] if quick else MESSAGES
    workers = (1, 50) if quick else WORKERS
    for (name, length), count, fleet in product(outages, messages, workers):
        large, usual = count == MESSAGES[-1], length == OUTAGES["10 min"]
        # What takes longest is left to `--all`: most of 100,000 messages with few workers or many,
        if large and depth != "all" and fleet != WORKERS[1] and not usual:
            continue
        for honest in (False,) if large and depth != "all" else (False, True):
            case = Case(
                name=f"{name}, {count} messages, {fleet} workers",
                messages=count,
                arrivals=around(length),
                customers=min(max(count // 10, 1), 10_000),
                workers=fleet,
                manners=outage(length, honest=honest),
                watch=_every(length) if (count, fleet, honest) == (1_000, 50, False) else 0.0,
            )
            # and the rivals' retries of as many.
            rivals = depth == "all" or not large or (usual and fleet == WORKERS[1])
            labels = (name, f"{count:,}", f"{fleet:,}", "honest" if honest else "lying")
            yield from beside(
                "grid", case, *labels, systems=SYSTEMS if rivals and not honest else SYSTEMS[:1]
            )


def _every(length: float) -> float:
    """Seconds between two samples of a picture."""
    return max(around(length) / 400, 2.0)


def ranges(depth: str) -> Iterator[Job]:
    """What the grid holds fixed, one at a time, around ten minutes, 1,000 messages, 50 workers."""
    length = OUTAGES["10 min"]
    flapping = tuple(
        Outage(start=BEFORE + n * 120, end=BEFORE + n * 120 + 60, booked=0.5) for n in range(10)
    )
    varied: dict[tuple[str, str], dict[str, object]] = {
        ("customers", "1"): {"customers": 1},
        ("customers", "10,000"): {"customers": 10_000},
        ("mapping delay", "0 s"): {"mapping_delay": (0.0, 0.0)},
        ("mapping delay", "120 s"): {"mapping_delay": (120.0, 120.0)},
        ("bank", "flapping, 60 s each"): {"manners": Manners(outages=flapping, honest=False)},
        ("bank", "no answer"): {"manners": outage(length, kind="timeout", honest=False)},
        ("bank", "refused connection"): {"manners": outage(length, kind="refused")},
        ("trip rule", "first failure"): {"stack": "dev"},
        ("trip rule", "first failure, no answer"): {
            "stack": "dev",
            "manners": outage(length, kind="timeout", honest=False),
        },
    }
    if depth == "all":
        varied |= {
            ("customers", "10"): {"customers": 10},
            ("mapping delay", "60 s"): {"mapping_delay": (60.0, 60.0)},
            ("workers", "10"): {"workers": 10},
            ("workers", "200"): {"workers": 200},
            ("outage", "14 days less an hour"): {
                "manners": outage(14 * DAY - 3600, honest=False),
                "arrivals": around(14 * DAY - 3600),
            },
        }
    for (what, value), changes in varied.items():
        settings: dict[str, object] = {
            "messages": 1_000,
            "arrivals": around(1260.0),
            "manners": outage(length, honest=False),
            **changes,
        }
        case = Case(name=f"{what}: {value}", **settings)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - fields of Case by name
        yield from beside(
            "ranges", case, what, value, systems=SYSTEMS if depth != "quick" else SYSTEMS[:1]
        )


def neighbours() -> Iterator[Job]:
    """A second service beside the first, listened to for ten minutes.

    The first one's bank is well, or broken for just as long, answering nothing.
    """
    silent = outage(600.0, honest=False, kind="timeout")
    for name, manners in (("well", Manners()), ("broken", silent)):
        case = Case(
            name=f"neighbour of a {name} bank",
            messages=9_000,
            neighbour=18_000,
            listened=(BEFORE, BEFORE + 600.0),
            arrivals=900.0,
            manners=manners,
        )
        yield from beside("neighbour", case, name)


def strays(depth: str) -> Iterator[Job]:
    """Stray 500s without an outage, at 100 messages/s and room for as many again."""
    seconds = {"quick": 20.0, "default": 200.0, "all": 1200.0}[depth]
    for stack, share in product(("prod", "dev"), (0.0, 0.001, 0.01)):
        case = Case(
            name=f"{share:.1%} stray 500s",
            stack=stack,
            messages=int(100 * seconds),
            arrivals=seconds,
            workers=20,
            manners=Manners(stray=share),
            until=seconds,
        )
        systems = SYSTEMS if stack == "prod" else SYSTEMS[:1]
        yield from beside("strays", case, stack, f"{share:.1%}", systems=systems)


def crowded_strays(depth: str) -> Iterator[Job]:
    """The same at 800 messages/s, where five failures come close together by chance."""
    seconds = {"quick": 0.0, "default": 40.0, "all": 150.0}[depth]
    for share in (0.0, 0.01) if seconds else ():
        case = Case(
            name=f"{share:.1%} stray 500s, 100 workers",
            messages=int(800 * seconds),
            arrivals=seconds,
            workers=100,
            manners=Manners(stray=share),
            until=seconds,
            customers=10_000,
        )
        yield Job(part="crowded strays", system=OURS, case=case, labels=(f"{share:.1%}",))


def halves() -> Iterator[Job]:
    """A bank that fails half of all calls for ten minutes: how soon that is found out.

    The less traffic a worker has, the later: the failure rate is judged in each one.
    """
    for workers, rate in ((50, 1), (50, 10), (1_000, 100)):
        seconds = 600.0 if rate < 100 else 60.0  # noqa: PLR2004 - enough calls for each worker
        case = Case(
            name=f"half of all calls fail, {rate} messages/s",
            workers=workers,
            messages=int(rate * seconds),
            arrivals=seconds,
            manners=Manners(stray=0.5),
            until=seconds,
        )
        yield from beside("halves", case, f"{workers:,}", f"{rate}", systems=(OURS, POWERTOOLS))


def unknown(depth: str) -> Iterator[Job]:
    """A bank that never answers, forgets keys after a day, and cannot be asked."""
    days = 2 if depth == "quick" else 3
    for tells in (True, False):
        case = Case(
            name=f"bank that {'tells' if tells else 'cannot tell'} what it booked",
            messages=1_000,
            arrivals=around(days * DAY),
            manners=outage(days * DAY, kind="timeout", honest=False, tells=tells),
        )
        name = "can be asked" if tells else "cannot be asked"
        yield from beside("unknown", case, name)


def recovery(depth: str) -> Iterator[Job]:
    """How soon it is back, by seed: little traffic on many workers, and a great deal of it."""
    for seed in range(1, (5 if depth == "quick" else 20) + 1):
        case = Case(
            name="50 workers, 0.1 messages/s",
            seed=seed,
            workers=50,
            messages=330,
            arrivals=3300.0,
            manners=outage(900.0, honest=False),
        )
        yield from beside("recovery", case, "50", "0.1", systems=(OURS, POWERTOOLS))
    for seed in range(1, (5 if depth == "quick" else 20) + 1):
        case = Case(
            name="50 workers, 0.1 messages/s, open at the start",
            seed=seed,
            workers=50,
            messages=360,
            arrivals=3600.0,
            opened=True,
            manners=Manners(outages=(Outage(start=-1.0, end=0.0),)),
        )
        labels = ("50", "0.1, open and nothing waiting")
        yield from beside("recovery", case, *labels, systems=(OURS, POWERTOOLS))
    for seed in range(1, {"quick": 0, "default": 2, "all": 20}[depth] + 1):
        case = Case(
            name="1,000 workers, 1,000 messages/s",
            seed=seed,
            workers=1_000,
            customers=10_000,
            messages=40_000,
            arrivals=40.0,
            manners=Manners(outages=(Outage(start=10, end=25, booked=0.5),), honest=False),
        )
        yield from beside("recovery", case, "1,000", "1,000", systems=(OURS, POWERTOOLS))


def beyond_retention() -> Iterator[Job]:
    """An outage longer than SQS keeps anything."""
    case = Case(
        name="15 days",
        messages=1_000,
        arrivals=around(15 * DAY),
        manners=outage(15 * DAY, honest=False),
    )
    yield from beside("beyond", case, "15 days")
