"""The pack over an exported state, without an engine: `python -m policy.check state.json`."""

import argparse
import sys
from pathlib import Path

from policy.command import CONFIG, REFUSED, add_output_options, finish
from policy.readers.state import StateError, read_state


def main(arguments: list[str] | None = None) -> int:
    """Check an exported state; exit codes as in `policy.command.finish`."""
    parser = argparse.ArgumentParser(prog="python -m policy.check", description=__doc__)
    parser.add_argument("state", type=Path, help="output of `pulumi stack export`")
    add_output_options(parser)
    options = parser.parse_args(arguments)
    try:
        graph = read_state(options.state)
    except StateError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    return finish(graph, options.config or Path(CONFIG), options)


if __name__ == "__main__":
    sys.exit(main())
