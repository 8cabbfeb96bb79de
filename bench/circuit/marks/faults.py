"""Faults of our own: bad messages, bad code, a wrong key, workers that die."""

import math
from collections.abc import Callable, Iterator

from bench.circuit.marks.judged import PART, Judged, causes, pauses
from bench.rows import OURS, Row
from bench.simulator.case import Result

Held = Callable[[Result], bool]


def _only_the_bad(result: Result) -> bool:
    only = (result.bad_dead, result.good_dead, result.unknown) == (1, 0, 0)
    return pauses(result) <= 1 and only and result.unexplained == 0


def _none_dead(result: Result) -> bool:
    return result.bad_dead + result.good_dead + result.unknown == 0


def _none_dead_by(cause: str) -> tuple[str, Held]:
    return (
        f"none dead, cause {cause}",
        lambda result: _none_dead(result) and causes(result) == cause,
    )


LONGEST_BACKOFF = 1800.0
"""Seconds, of the shared stacks: retryBackoffCap."""

WITHIN_BACKOFF: tuple[str, Held] = (
    "none dead, cause defect, closed within the longest backoff + 4 min",
    lambda result: (
        _none_dead(result)
        and causes(result) == "defect"
        and (result.closed or math.inf) <= LONGEST_BACKOFF + 240
    ),
)

ONLY_THE_BAD = ("at most 1 pause, only the bad one dead, with its reason", _only_the_bad)

MARKS: dict[str, tuple[str, Held]] = {
    "the bank breaks on it": ONLY_THE_BAD,
    "our code breaks on it": ONLY_THE_BAD,
    "defect in every worker": _none_dead_by("defect"),
    "defect in every worker for three days, ten messages": WITHIN_BACKOFF,
    "rotated key": _none_dead_by("misconfigured"),
    "one customer's message kills every worker": ONLY_THE_BAD,
    "an image that does not start, for an hour": _none_dead_by("alarm"),
}
"""By the case's name; where it is not here, none may be dead."""


def faults_of_ours(judged: Judged) -> Iterator[Row]:
    """What is wrong with a message, with the code or with the key."""
    yield from _judged(judged, "faults of ours")
    yield from _judged(judged, "long defect")


def deaths(judged: Judged) -> Iterator[Row]:
    """Processes that die, of which no code inside can tell."""
    return _judged(judged, "deaths")


def _judged(judged: Judged, part: str) -> Iterator[Row]:
    names = list(dict.fromkeys(job.labels for job, _ in judged.of(part)))
    for name, rule in names:
        found = {job.system: result for job, result in judged.of(part, None, name, rule)}
        mark, holds = MARKS.get(name, ("none dead", _none_dead))
        yield Row(
            part=PART,
            what=f"{name}, trip rule {'first failure' if rule == 'dev' else 'prod'}",
            figures={system: _told(result) for system, result in found.items()},
            mark=mark,
            held=holds(found[OURS]),
        )


def _told(result: Result) -> str:
    why = causes(result)
    after = result.events.get("paused_after")
    words = [
        f"{result.deaths} died" if result.deaths else "",
        f"{pauses(result)} pauses{f' ({why})' if why else ''}",
        f"first after {after:.0f} s" if after is not None else "",
        f"dead: {result.good_dead} good, {result.bad_dead} bad",
        f"{result.lost} swallowed" if result.lost else "",
        f"{result.double} charged twice" if result.double else "",
    ]
    return ", ".join(filter(None, words))


def no_errors(judged: Judged) -> Iterator[Row]:
    """Nothing in our code broke that was not meant to."""
    found = [
        f"{job.case.name}: {text}"
        for job, result in judged.ran
        for text in result.errors
        if not text.startswith("defect:")
    ]
    yield Row(
        part=PART,
        what="errors that our code logged in all of it, other than the defects that were asked for",
        figures={OURS: f"{len(found)}"},
        mark="0",
        held=not found,
        note="; ".join(found[:3]),
    )
