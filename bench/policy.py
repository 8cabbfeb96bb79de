"""What the policy pack costs, in this process and in a preview by the real engine.

Everything is timed by CPU: a busy machine must not count. A preview's cost is what the engine and
the pack spend more than the engine alone. The program and the providers do the same with a pack and
without; their noise is as large as what is measured here, so they are told apart, and tell how fast
the machine was meanwhile. What all processes took, and the clock, stand beside it.
"""

import datetime as dt
import gc
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from bench import policy_marks as marks
from bench.policy_marks import LARGE, NO_PACK, ONE_RULE, PART, Checked, Turn
from bench.preview import STACK, cpu_of_children, preview
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

RIVAL = Path(__file__).with_name("rivals") / "one_rule"

FIRST = """
import sys
import msgspec
from bench.policy import checked
from local.project import ROOT
sys.stdout.buffer.write(msgspec.json.encode(checked(ROOT)))
"""

CHECKS = 3
"""Of each program, the quickest of which counts: a neighbour on the machine only ever adds."""

SIZES = {"quick": (1, 10), "default": (1, 10, LARGE, 100), "all": (1, 10, LARGE, 100)}
ROUNDS = {"default": {1: 1, 10: 1, LARGE: 3, 100: 1}, "all": {1: 5, 10: 5, LARGE: 5, 100: 3}}


def measure(depth: str, folder: Path) -> list[Row]:
    """The check alone at every size, then the previews; the quick form leaves those out."""
    del folder
    with tempfile.TemporaryDirectory() as scratch:
        programs = {
            count: lay_out_services(count, Path(scratch) / f"services-{count}")
            for count in SIZES[depth]
        }
        system = _system()
        found = {count: checked(program) for count, program in programs.items()}
        rows = [system, *marks.in_process(found)]
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
    return marks.system(first, whole)


def _checked_first() -> Checked:
    """The system checked as the first thing that a process does: it imports what it needs."""
    command = [sys.executable, "-c", FIRST]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own program
    return msgspec.json.decode(done.stdout, type=Checked)


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
    found: dict[int, list[Turn]] = {}
    for count, program in programs.items():
        turns = found.setdefault(count, [])
        # The kinds take turns, so that whatever else the machine does is shared.
        for turn in range(rounds[count]):
            kinds: dict[str, tuple[str, ...]] = {NO_PACK: (), OURS: (*ours, *config)}
            if count == LARGE and not turn:
                kinds[ONE_RULE] = rival
            turns.append({kind: preview(program, *words) for kind, words in kinds.items()})
    return marks.previews(found)
