"""The circuit's part of the benchmark: simulate, judge, draw."""

import sys
import time
from pathlib import Path

import msgspec

from bench.circuit.cases import jobs
from bench.circuit.job import SYSTEMS, Job
from bench.circuit.marks import rows
from bench.circuit.marks.judged import Ran
from bench.circuit.pictures import draw
from bench.circuit.run import run_all
from bench.rows import Row
from bench.simulator.case import Result
from bench.table import grid


def measure(depth: str, folder: Path) -> list[Row]:
    """Runs one depth ("quick", "default" or "all"); results and pictures go into the folder."""
    began = time.perf_counter()
    ran = _ran(jobs(depth))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "circuit.json").write_bytes(
        msgspec.json.format(msgspec.json.encode([_plain(job, result) for job, result in ran]))
    )
    draw(ran, folder)
    took = time.perf_counter() - began
    days = sum(result.simulated for _, result in ran) / 86_400
    messages = sum(result.sent for _, result in ran)
    print(
        f"circuit: {len(ran)} simulations, {messages:,} messages, {days:,.0f} simulated days "
        f"in {took:.0f} s",
        file=sys.stderr,
    )
    return rows(ran)


def _ran(wanted: list[Job]) -> Ran:
    """In the order of the jobs, whichever was done first."""
    order = {id(job): n for n, job in enumerate(wanted)}
    ran: list[tuple[Job, Result]] = []
    for job, result in run_all(wanted):
        ran.append((job, result))
        if sys.stderr.isatty():
            print(f"\r{len(ran)} of {len(wanted)} simulations", end="", file=sys.stderr)
    return sorted(ran, key=lambda one: order[id(one[0])])


def _plain(job: Job, result: Result) -> dict[str, object]:
    return {
        "part": job.part,
        "labels": job.labels,
        "seed": job.case.seed,
        **msgspec.to_builtins(result),
    }


def details(folder: Path) -> str:
    """The grid, line by line, of the results that were written last."""
    found = msgspec.json.decode((folder / "circuit.json").read_bytes())
    cells: dict[tuple[str, ...], dict[str, dict[str, float | None]]] = {}
    for one in found:
        if one["part"] == "grid":
            cells.setdefault(tuple(one["labels"]), {})[one["system"]] = one
    head = ["outage", "messages", "workers", "health"]
    for system in SYSTEMS:
        head += [f"{system}: harmed", "calls", "burned", "back after s"]
    lines = [head]
    for labels, by_system in cells.items():
        line = list(labels)
        for system in SYSTEMS:
            line += _figures(by_system.get(system))
        lines.append(line)
    return grid(lines)


def _figures(one: dict[str, float | None] | None) -> list[str]:
    if one is None:
        return ["", "", "", ""]
    harmed = sum(
        int(one[key] or 0) for key in ("lost", "expired", "double", "disordered", "good_dead")
    )
    first = one["first_done"]
    back = "" if first is None else f"{first:.0f}"
    return [f"{harmed:,}", f"{one['failed_calls']:,}", f"{one['burned']:,}", back]
