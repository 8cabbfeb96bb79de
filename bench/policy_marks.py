"""What the policy pack may cost: figures that were taken, as rows, judged by their marks."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.preview import STACK, Spent
from bench.rows import OURS, Row

PART = "policy"
NO_PACK = "no pack"
ONE_RULE = "one rule of the SDK"

LARGE = 27
"""Services of a program of a thousand resources."""

WHOLE_SYSTEM = 1.5
THOUSAND = 5.0
IN_PREVIEW = 4.0
"""Seconds."""
GROWTH = 1.5
"""How much dearer a resource may be in the largest program than in the next smaller one."""

Turn = Mapping[str, Spent]
"""A preview of each kind, one after another."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One program judged in one process; seconds of CPU."""

    resources: int
    program: float
    judged: float


def system(first: Sequence[Checked], whole: float) -> Row:
    """The system checked first thing in several processes; `whole` is what `make policy` took."""
    spent = statistics.median(item.program + item.judged for item in first)
    return Row(
        part=PART,
        what=f"the system, {first[0].resources} resources: first preview and check in-process,"
        f" s of CPU, median of {len(first)}",
        figures={OURS: f"{spent:.2f}"},
        mark=f"at most {WHOLE_SYSTEM}",
        held=spent <= WHOLE_SYSTEM,
        note=f"make policy STACK={STACK}, with the interpreter's start: {whole:.2f}",
    )


def in_process(found: Mapping[int, Checked]) -> list[Row]:
    """Programs by their number of services, checked without an engine."""
    rows = [
        Row(
            part=PART,
            what=f"{count} services, {item.resources} resources: check in-process, s of CPU",
            figures={OURS: f"{item.judged:.2f} (run of the program {item.program:.2f})"},
            mark=f"at most {THOUSAND:.0f}" if count == LARGE else "",
            held=item.judged + item.program <= THOUSAND if count == LARGE else None,
        )
        for count, item in found.items()
    ]
    per_resource = {count: item.judged / item.resources for count, item in found.items()}
    return [*rows, growth("check of a resource in-process", per_resource)]


def previews(found: Mapping[int, Sequence[Turn]]) -> list[Row]:
    """The turns of previews by the engine, by the program's number of services."""
    # The program's own cost grows with its resources; beside it the machine's speed is no matter.
    shares = {
        count: statistics.median(
            turn[OURS].more_than(turn[NO_PACK]).engine / turn[NO_PACK].program for turn in turns
        )
        for count, turns in found.items()
    }
    return [
        *(_cost(count, turns) for count, turns in found.items()),
        growth("what the pack adds to a preview, for each of the program's seconds", shares),
    ]


def _cost(count: int, turns: Sequence[Turn]) -> Row:
    figures = {NO_PACK: _told(_median([turn[NO_PACK] for turn in turns]))}
    for kind in (OURS, ONE_RULE):
        if kind in turns[0]:
            figures[kind] = f"+ {_told(_added(turns, kind))}"
    added = _added(turns, OURS).engine
    return Row(
        part=PART,
        what=f"{count} services, {turns[0][OURS].resources} resources: a preview by the engine,"
        f" s of CPU of the engine and the pack, median of {len(turns)}",
        figures=figures,
        mark=f"at most {IN_PREVIEW:.0f} more" if count == LARGE else "",
        held=added <= IN_PREVIEW if count == LARGE else None,
    )


def _told(spent: Spent) -> str:
    return f"{spent.engine:.1f} (all processes: {spent.cpu:.1f}, clock: {spent.clock:.1f})"


def _added(turns: Sequence[Turn], kind: str) -> Spent:
    """What a pack costs: each turn against the bare preview of the same minutes."""
    return _median([turn[kind].more_than(turn[NO_PACK]) for turn in turns if kind in turn])


def _median(spent: Sequence[Spent]) -> Spent:
    return Spent(
        clock=statistics.median(one.clock for one in spent),
        cpu=statistics.median(one.cpu for one in spent),
        engine=statistics.median(one.engine for one in spent),
        resources=spent[0].resources,
    )


def growth(what: str, per_resource: Mapping[int, float]) -> Row:
    """Growth is linear where a resource costs no more in the largest program than in the next."""
    smaller, most = sorted(per_resource)[-2:]
    before, after = per_resource[smaller], per_resource[most]
    figure = f"{after * 1000:.2f}"
    if min(before, after) > 0:
        ratio = after / before
        figure, held, note = f"{figure} ({ratio:.2f} x)", ratio <= GROWTH, ""
    else:
        held = False
        note = f"no ratio: noise left {before * 1000:.2f} at {smaller} services, {figure} at {most}"
    return Row(
        part=PART,
        what=f"{what}, ms, at {most} services (and against {smaller})",
        figures={OURS: figure},
        mark=f"at most {GROWTH} x",
        held=held,
        note=note,
    )
