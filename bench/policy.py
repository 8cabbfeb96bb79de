"""What the policy pack costs, in this process and in a preview by the real engine.

Everything is timed by CPU: a busy machine must not count. A preview's cost is what the engine and
the pack spend more than the engine alone. The program and the providers do the same with a pack and
without; their noise is as large as what is measured here, so they are told apart. What all
processes took, and the clock, stand beside it.
"""

import datetime as dt
import gc
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.preview import STACK, Spent, cpu_of_children, preview
from bench.rows import OURS, Row, not_measured
from bench.scaled import lay_out_services
from local.engine.place import Place
from local.engine.workspace import lay_out_pack
from local.policy_check import graph_of
from local.project import ROOT
from local.recording import record
from policy.command import CONFIG, read_settings
from policy.controls import catalogue
from policy.run import check

PART = "policy"
RIVAL = Path(__file__).with_name("rivals") / "one_rule"
NO_PACK = "no pack"
ONE_RULE = "one rule of the SDK"

WHOLE_SYSTEM = 1.5
THOUSAND = 5.0
IN_PREVIEW = 4.0
"""Seconds."""
GROWTH = 1.5
"""How much dearer a resource may be in the largest program than in the next smaller one."""

FIRST = """
import sys
import msgspec
from bench.policy import checked
from local.project import ROOT
sys.stdout.buffer.write(msgspec.json.encode(checked(ROOT)))
"""

CHECKS = 3
"""Of each program, the quickest of which counts: a neighbour on the machine only ever adds."""

LARGE = 27
"""Services of a program of a thousand resources."""
SIZES = {"quick": (1, 10), "default": (1, 10, LARGE, 100), "all": (1, 10, LARGE, 100)}
ROUNDS = {"default": {1: 1, 10: 1, LARGE: 3, 100: 1}, "all": {1: 5, 10: 5, LARGE: 5, 100: 3}}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One program judged in this process; seconds of CPU."""

    resources: int
    program: float
    judged: float


def measure(depth: str, folder: Path) -> list[Row]:
    """The check alone at every size, then the previews; the quick form leaves those out."""
    del folder
    with tempfile.TemporaryDirectory() as scratch:
        programs = {
            count: lay_out_services(count, Path(scratch) / f"services-{count}")
            for count in SIZES[depth]
        }
        rows = [_system(), *_in_process(programs)]
        if depth == "quick":
            return [*rows, not_measured(PART, "previews", "not in the quick form")]
        place = Place(root=ROOT)
        if not place.pulumi.exists():
            return [*rows, not_measured(PART, "previews", "no engine: make engine builds one")]
        return [*rows, *_previews(place, programs, Path(scratch), ROUNDS[depth])]


def _system() -> Row:
    """The system itself, as it is; and `make policy` as a person runs it, with all imports."""
    command = [sys.executable, "-m", "local.policy_check", STACK]
    before = cpu_of_children()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own program
    whole = cpu_of_children() - before
    first = [_checked_first() for _ in range(CHECKS)]
    spent = statistics.median(item.program + item.judged for item in first)
    return Row(
        part=PART,
        what=f"the system, {first[0].resources} resources: first preview and check in-process,"
        f" s of CPU, median of {CHECKS}",
        figures={OURS: f"{spent:.2f}"},
        mark=f"at most {WHOLE_SYSTEM}",
        held=spent <= WHOLE_SYSTEM,
        note=f"make policy STACK={STACK}, with the interpreter's start: {whole:.2f}",
    )


def _checked_first() -> Checked:
    """The system checked as the first thing that a process does: it imports what it needs."""
    command = [sys.executable, "-c", FIRST]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own program
    return msgspec.json.decode(done.stdout, type=Checked)


def _in_process(programs: dict[int, Path]) -> list[Row]:
    found = {count: checked(program) for count, program in programs.items()}
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
    return [*rows, _growth("check of a resource in-process", per_resource)]


def checked(program: Path) -> Checked:
    """Runs a program's first preview in this process and judges it; loading does not count."""
    settings, controls = read_settings(ROOT / CONFIG), catalogue()
    began = time.process_time()
    recording = record(STACK, program)
    ran = time.process_time() - began
    times: list[float] = []
    for _ in range(CHECKS):
        graph = graph_of(recording)  # a graph remembers what it was asked
        gc.collect()
        began = time.process_time()
        check(graph, controls, settings, dt.datetime.now(tz=dt.UTC).date())
        times.append(time.process_time() - began)
    return Checked(resources=len(recording.resources), program=ran, judged=min(times))


def _previews(
    place: Place, programs: dict[int, Path], scratch: Path, rounds: dict[int, int]
) -> list[Row]:
    ours = ("--policy-pack", str(lay_out_pack(place, ROOT / "policy", scratch / "pack")))
    rival = ("--policy-pack", str(lay_out_pack(place, RIVAL, scratch / "one-rule")))
    config = ("--policy-pack-config", str(shutil.copy(ROOT / CONFIG, scratch)))
    rows: list[Row] = []
    per_resource: dict[int, float] = {}
    for count, program in programs.items():
        turns: list[dict[str, Spent]] = []
        # The kinds take turns, so that whatever else the machine does is shared.
        for turn in range(rounds[count]):
            kinds: dict[str, tuple[str, ...]] = {NO_PACK: (), OURS: (*ours, *config)}
            if count == LARGE and not turn:
                kinds[ONE_RULE] = rival
            turns.append({kind: preview(program, *words) for kind, words in kinds.items()})
        rows.append(_cost(count, turns))
        per_resource[count] = _added(turns, OURS).engine / turns[0][OURS].resources
    return [*rows, _growth("what the pack adds to a resource's preview", per_resource)]


def _cost(count: int, turns: Sequence[dict[str, Spent]]) -> Row:
    bare = [turn[NO_PACK] for turn in turns]
    figures = {NO_PACK: _told(_median(bare))}
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


def _added(turns: Sequence[dict[str, Spent]], kind: str) -> Spent:
    """What a pack costs: each turn against the bare preview of the same minutes."""
    return _median([turn[kind] - turn[NO_PACK] for turn in turns if kind in turn])


def _median(spent: Sequence[Spent]) -> Spent:
    return Spent(
        clock=statistics.median(one.clock for one in spent),
        cpu=statistics.median(one.cpu for one in spent),
        engine=statistics.median(one.engine for one in spent),
        resources=spent[0].resources,
    )


def _growth(what: str, per_resource: dict[int, float]) -> Row:
    """Growth is linear where a resource costs no more in the largest program than in the next."""
    smaller, most = sorted(per_resource)[-2:]
    ratio = per_resource[most] / per_resource[smaller]
    return Row(
        part=PART,
        what=f"{what}, ms, at {most} services (and against {smaller})",
        figures={OURS: f"{per_resource[most] * 1000:.2f} ({ratio:.2f} x)"},
        mark=f"at most {GROWTH} x",
        held=ratio <= GROWTH,
    )
