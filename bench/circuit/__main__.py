"""`python -m bench.circuit [--quick | --all] [--details]`: the circuit's table, simulated."""

import argparse
import sys
from pathlib import Path

from bench.circuit.measure import details, measure
from bench.rows import missed
from bench.table import table


def main() -> int:
    """Prints the table; 1 where one of our marks is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.circuit", description=__doc__)
    depth = parser.add_mutually_exclusive_group()
    depth.add_argument("--quick", dest="depth", action="store_const", const="quick")
    depth.add_argument("--all", dest="depth", action="store_const", const="all")
    parser.add_argument("--details", action="store_true", help="print the grid line by line")
    parser.add_argument("--folder", type=Path, default=Path(".local/bench"))
    parser.set_defaults(depth="default")
    asked = parser.parse_args()
    found = measure(asked.depth, asked.folder)
    print(table(found))
    if asked.details:
        print("\n" + details(asked.folder))
    return 1 if missed(found) else 0


if __name__ == "__main__":
    sys.exit(main())
