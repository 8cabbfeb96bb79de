"""Runs the functions of the emulator that another process started in the same directory."""

import argparse
import signal
import threading
from pathlib import Path
from types import FrameType

from local.compute.runner import Runner
from local.emulator import Emulator


def main() -> None:
    """Run until told to end."""
    parser = argparse.ArgumentParser(prog="python -m local.compute", description=__doc__)
    parser.add_argument("--directory", type=Path, required=True, help="the emulator's directory")
    parser.add_argument(
        "--turn", type=float, required=True, help="seconds between two calls of each schedule"
    )
    options = parser.parse_args()
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with Runner.start(Emulator.attach(options.directory), options.directory, options.turn):
        ended.wait()


if __name__ == "__main__":
    main()
