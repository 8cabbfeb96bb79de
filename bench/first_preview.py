"""The first preview of a whole stack: by the real engine, with and without the policy pack.

Beside it the check of the same graph in one process of Python, which needs no engine.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.preview import STACK, preview
from bench.rows import Row, not_measured
from local.engine.place import Place
from local.engine.workspace import lay_out, lay_out_pack
from local.project import ROOT
from policy.command import CONFIG

PART = "the first preview"
JUDGED = "engine, pack"
MOST = 30.0
"""Seconds for the engine with the pack."""

RUNS = {"default": 2, "all": 5}


def measure(depth: str, folder: Path) -> list[Row]:
    """The median of several runs of each, in turns; the quick form has no time for an engine."""
    del folder
    if depth == "quick":
        return [not_measured(PART, "first preview", "not in the quick form")]
    place = Place(root=ROOT)
    if not place.pulumi.exists():
        return [not_measured(PART, "first preview", "there is no engine: make engine")]
    taken: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        program = lay_out(ROOT, Path(temporary) / "project")
        judging = lay_out_pack(place, ROOT / "policy", Path(temporary) / "pack")
        pack = ("--policy-pack", str(judging))
        config = ("--policy-pack-config", str(ROOT / CONFIG))
        for _ in range(RUNS[depth]):
            taken.setdefault("engine", []).append(preview(program).clock)
            taken.setdefault(JUDGED, []).append(preview(program, *pack, *config).clock)
            taken.setdefault("no engine, pack", []).append(_checked())
    return [row(taken)]


def row(taken: Mapping[str, Sequence[float]]) -> Row:
    """What the runs took, judged by the mark."""
    medians = {name: statistics.median(times) for name, times in taken.items()}
    return Row(
        part=PART,
        what=f"first preview of {STACK} from an empty state, s (median of {len(taken[JUDGED])})",
        figures={name: f"{seconds:.1f}" for name, seconds in medians.items()},
        mark=f"at most {MOST:.0f} with the pack",
        held=medians[JUDGED] <= MOST,
    )


def _checked() -> float:
    """Seconds that the pack takes without an engine."""
    begin = time.perf_counter()
    command = [sys.executable, "-m", "local.policy_check", STACK]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own program
    return time.perf_counter() - begin
