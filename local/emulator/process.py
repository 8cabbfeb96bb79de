"""The emulator's process: `python -m local.emulator.process`, started by `Emulator.start` only.

It serves on a socket that its parent bound, says `ready` on its standard output, and ends when
its standard input does, that is, when its parent closes the pipe or dies.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import threading
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Any

from local.emulator import certificate
from local.emulator.errors import SeamError

PINNED = "1.5.33"


def main() -> None:
    """Serve until the parent is gone."""
    options = _options()
    home: Path = options.home
    threading.Thread(target=_end_with_parent, args=(home,), daemon=True).start()

    def end(_signal: int, _frame: FrameType | None) -> None:
        _end(home)

    signal.signal(signal.SIGTERM, end)
    (home / "tmp").mkdir(exist_ok=True)
    _, chain = certificate.issue(home)
    # The emulator reads its settings while it is imported.
    os.environ.update(_settings(options, home, chain))
    if version("ministack") != PINNED:
        raise SeamError(f"ministack {PINNED} is needed, {version('ministack')} is installed")
    (home / "emulator.json").write_text(json.dumps({"port": options.port, "pid": os.getpid()}))
    _serve(options.socket, chain)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--account", required=True)
    parser.add_argument("--region", required=True)
    parser.add_argument("--key", required=True)
    return parser.parse_args()


def _settings(options: argparse.Namespace, home: Path, chain: Path) -> dict[str, str]:
    return {
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": options.key,
        "AWS_SECRET_ACCESS_KEY": options.key,
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(options.port),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "MINISTACK_ACCOUNT_ID": options.account,
        "MINISTACK_REGION": options.region,
        "MINISTACK_SSL_CERT": str(chain),
        "MINISTACK_SSL_KEY": str(chain),
        # No container runtime is asked for: functions run in the runner.
        "DOCKER_HOST": "unix:///nowhere",
        "SFTP_ENABLED": "0",
        "TMPDIR": str(home / "tmp"),
        "USE_SSL": "1",
    }


def _serve(socket: int, chain: Path) -> None:
    # Imported late: the settings above are read on import.
    from hypercorn.asyncio import serve  # noqa: PLC0415 - see above
    from hypercorn.config import Config  # noqa: PLC0415 - see above
    from ministack.app import app  # noqa: PLC0415 - see above

    from local.emulator import gaps  # noqa: PLC0415 - see above
    from local.emulator.front import Front  # noqa: PLC0415 - see above

    gaps.close_all()
    config = Config()
    config.bind = [f"fd://{socket}"]
    config.certfile = config.keyfile = str(chain)
    config.alpn_protocols = ["http/1.1"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"

    async def forever() -> None:
        asyncio.get_running_loop().set_exception_handler(_report)
        # The trigger never comes: the process ends with its parent, and keeps nothing.
        never = asyncio.Event()
        await serve(Front(app, _say_ready), config, shutdown_trigger=never.wait)  # pyright: ignore[reportArgumentType] - hypercorn types each ASGI message apart

    asyncio.run(forever())


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # A client that was killed says no goodbye: that is no news.
    if not isinstance(context.get("exception"), (ConnectionError, TimeoutError)):
        loop.default_exception_handler(context)


def _say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def _end_with_parent(home: Path) -> None:
    sys.stdin.read()
    _end(home)


def _end(home: Path) -> None:
    if judging := sys.modules.get("local.emulator.gaps.judging"):
        (home / "record.jsonl").write_bytes(judging.recorder.lines())
    for name in ("ca.pem", "server.pem", "emulator.json"):
        (home / name).unlink(missing_ok=True)
    shutil.rmtree(home / "tmp", ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main()
