"""`python -m local.bank`: serve until told to stop; the first line printed says where.

BANK_SETTINGS has its settings as JSON: api_key, key_memory, slow_delay, health.
"""

import argparse
import asyncio
import os
import signal
import sys

import msgspec

from local.bank.desk import SETTINGS, Desk, Settings
from local.bank.server import Server


async def _serve(port: int, settings: Settings, *, ends_with_stdin: bool) -> None:
    server = Server(Desk(settings), port=port)
    await server.start()
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    if ends_with_stdin:
        # The parent holds the other end and never writes: the end of file is the parent's end,
        # whatever ended it. A killed supervisor leaves no bank behind.
        loop.add_reader(sys.stdin.fileno(), ended.set)
    sys.stdout.buffer.write(msgspec.json.encode(server.address) + b"\n")
    sys.stdout.buffer.flush()
    await ended.wait()
    await server.stop()


def main() -> int:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m local.bank", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--ends-with-stdin", action="store_true")
    arguments = parser.parse_args()
    try:
        settings = msgspec.json.decode(os.environ.get(SETTINGS, "{}"), type=Settings)
        asyncio.run(_serve(arguments.port, settings, ends_with_stdin=arguments.ends_with_stdin))
    except (OSError, msgspec.DecodeError) as error:
        sys.stderr.write(f"the bank cannot start: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
