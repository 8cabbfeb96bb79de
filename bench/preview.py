"""The first preview of a whole stack: by the real engine, with and without the policy pack.

Beside it the check of the same graph in one process of Python, which needs no engine.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from bench.rows import Row, not_measured
from local.configuration import read_configuration
from local.engine.place import Place
from local.engine.workspace import lay_out, lay_out_pack
from local.project import ROOT

PART = "the first preview"
STACK = "dev"
MOST = 30.0
"""Seconds for the engine with the pack."""

RUNS = {"default": 3, "all": 5}


def measure(depth: str, folder: Path) -> list[Row]:
    """The median of several runs of each, in turns; the quick form has no time for an engine."""
    del folder
    if depth == "quick":
        return [not_measured(PART, "first preview", "not in the quick form")]
    place = Place(root=ROOT)
    if not place.pulumi.exists():
        return [not_measured(PART, "first preview", "there is no engine: make engine")]
    with tempfile.TemporaryDirectory() as temporary:
        program = lay_out(ROOT, Path(temporary) / "project")
        environment = {
            **os.environ,
            **place.environment(Path(temporary) / "state"),
            "LOCAL_ACCOUNT": _account(),
            "AWS_ENDPOINT_URL": "",
        }
        pulumi = [str(place.pulumi), "--non-interactive"]
        _run([*pulumi, "stack", "init", STACK], program, environment)
        preview = [*pulumi, "preview", "--stack", STACK]
        pack = ["--policy-pack", str(lay_out_pack(ROOT / "policy", Path(temporary) / "pack"))]
        judged = [*preview, *pack, "--policy-pack-config", str(ROOT / "policy.json")]
        in_process = [sys.executable, "-m", "local.policy_check", STACK]
        taken: dict[str, list[float]] = {}
        for _ in range(RUNS[depth]):
            for name, command, place_of_it in (
                ("engine", preview, program),
                ("engine, pack", judged, program),
                ("no engine, pack", in_process, ROOT),
            ):
                taken.setdefault(name, []).append(_run(command, place_of_it, environment))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    return [
        Row(
            part=PART,
            what=f"first preview of {STACK} from an empty state, s (median of {RUNS[depth]})",
            figures={name: f"{seconds:.1f}" for name, seconds in medians.items()},
            mark=f"at most {MOST:.0f} with the pack",
            held=medians["engine, pack"] <= MOST,
        )
    ]


def _account() -> str:
    values = read_configuration(ROOT, STACK).values
    return next(value for key, value in values.items() if key.endswith(":accountId"))


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> float:
    """The seconds that a command takes.

    Raises:
        RuntimeError: it failed; the text has its last words.
    """
    begin = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - the engine and our own program
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise RuntimeError(" ".join((done.stdout + done.stderr).split()[-40:]))
    return time.perf_counter() - begin
