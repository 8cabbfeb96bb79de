"""`python -m bench [--quick | --all] [PART ...]`: everything that is measured, in one table.

Writes .local/bench.json and pictures into .local/bench; ends with 1 where a mark is
missed or a part breaks.
"""

import argparse
import importlib
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from bench.rows import Row, broken, missed
from bench.table import table

FOLDER = Path(".local/bench")
JSON = Path(".local/bench.json")

PARTS: dict[str, str] = {
    "demo": "bench.startup",
    "preview": "bench.first_preview",
    "worker": "bench.throughput.measure",
    "cold-start": "bench.cold_start",
    "first-invoke": "bench.first_invoke",
    "circuit": "bench.circuit.measure",
    "policy": "bench.policy",
    "scaling": "bench.scaling",
    "image": "bench.image",
}
"""Each module has `measure(depth, folder) -> list[Row]`; depth is "quick", "default" or "all"."""


def main() -> int:
    """Measures, prints, writes."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    depth = parser.add_mutually_exclusive_group()
    depth.add_argument("--quick", dest="depth", action="store_const", const="quick")
    depth.add_argument("--all", dest="depth", action="store_const", const="all")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.set_defaults(depth="default")
    asked = parser.parse_args()
    # A shell's background ignores it, and Pulumi ends its plugins by it: it would wait in vain.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    rows: list[Row] = []
    for part, module in PARTS.items():
        if not asked.parts or part in asked.parts:
            rows += _measured(part, module, asked.depth)
    print(table(rows))
    JSON.parent.mkdir(exist_ok=True)
    JSON.write_bytes(
        msgspec.json.format(
            msgspec.json.encode({"depth": asked.depth, "rows": [row.plain() for row in rows]})
        )
    )
    print(f"\n{JSON}, {FOLDER}", file=sys.stderr)
    return 1 if missed(rows) else 0


def _measured(part: str, module: str, depth: str) -> list[Row]:
    """One part; one that breaks is a row that says so, and the others go on."""
    began = time.perf_counter()
    print(f"{part} ...", file=sys.stderr, flush=True)
    measure: Callable[[str, Path], list[Row]] = importlib.import_module(module).measure
    try:
        rows = measure(depth, FOLDER)
    except Exception as error:  # noqa: BLE001 - it is told in the table
        rows = [broken(part, part, f"{type(error).__name__}: {error}")]
    print(f"{part}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main())
