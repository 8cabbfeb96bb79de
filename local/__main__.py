"""`python -m local VERB`: demo, up, down, send; `serve` is what `up` starts."""

import time

STARTED = time.time()

import argparse  # noqa: E402 - the clock above is to count the imports too
import os  # noqa: E402 - the same
import sys  # noqa: E402 - the same
import traceback  # noqa: E402 - the same
from collections.abc import Callable  # noqa: E402 - the same
from pathlib import Path  # noqa: E402 - the same

from local.errors import says_what_to_do  # noqa: E402 - the same
from local.interrupts import Interrupted, raise_on_signals  # noqa: E402 - the same
from local.project import DIRECTORY, UP  # noqa: E402 - the same


def _demo(arguments: argparse.Namespace) -> int:
    from local.scenario.demo import run_demo  # noqa: PLC0415 - each verb loads its own

    return run_demo(arguments.directory / "demo", STARTED)


def _up(arguments: argparse.Namespace) -> int:
    from local.commands import up  # noqa: PLC0415 - each verb loads its own

    return up(arguments.directory / "up", arguments.port)


def _down(arguments: argparse.Namespace) -> int:
    from local.commands import down  # noqa: PLC0415 - each verb loads its own

    return down(arguments.directory / "up")


def _send(arguments: argparse.Namespace) -> int:
    from local.commands import send  # noqa: PLC0415 - each verb loads its own

    return send(arguments.directory / "up", arguments.file)


def _serve(arguments: argparse.Namespace) -> int:
    from local.supervisor import serve  # noqa: PLC0415 - each verb loads its own

    deployer = None
    if arguments.engine:
        from local.engine.system import through_engine  # noqa: PLC0415 - the same

        deployer = through_engine(arguments.directory, _log)
    serve(arguments.directory, arguments.port, deployer)
    return 0


def _log(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Run a verb; whatever goes wrong is one message and an exit code."""
    arguments = _parser().parse_args()
    run: Callable[[argparse.Namespace], int] = arguments.run
    raise_on_signals()
    try:
        return run(arguments)
    except Interrupted as interrupted:
        sys.stderr.write(f"{interrupted}: stopped, nothing is left running\n")
        return 128 + interrupted.number
    except Exception as error:  # noqa: BLE001 - the last place before the user
        return _explained(error, arguments.directory)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("--directory", type=Path, default=DIRECTORY, help="of all its files")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    verbs.add_parser("demo", help="the whole story, checked").set_defaults(run=_demo)
    up = verbs.add_parser("up", help="start a system in the background")
    up.add_argument("--port", type=_port, help="of the embedded AWS; a free one by default")
    up.set_defaults(run=_up)
    verbs.add_parser("down", help="stop it").set_defaults(run=_down)
    send = verbs.add_parser("send", help="send a file of transactions into it")
    send.add_argument("file", type=Path, help="one JSON object a line")
    send.set_defaults(run=_send)
    serve = verbs.add_parser("serve", help="run a system until a signal comes")
    serve.add_argument("--directory", type=Path, default=UP)
    serve.add_argument("--port", type=_port)
    serve.add_argument("--engine", action="store_true", help="make the resources by Pulumi")
    serve.set_defaults(run=_serve)
    return parser


def _port(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 65535):  # noqa: PLR2004 - TCP's own bounds
        raise argparse.ArgumentTypeError(f"{text!r} is no port: it must be from 1 to 65535")
    return int(text)


def _explained(error: Exception, directory: Path) -> int:
    """Errors of our own say what to do, those of the machine name the file.

    For others the trace is kept, out of the way.
    """
    if says_what_to_do(error):
        said = str(error)
    elif isinstance(error, OSError) and error.filename is not None:
        said = f"{error.filename}: {error.strerror}"
    else:
        said = f"{type(error).__name__}: {error}{_kept(error, directory)}"
    sys.stderr.write(f"{said}\n")
    return 1


def _kept(error: Exception, directory: Path) -> str:
    trace = directory / "error.log"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        trace.write_text("".join(traceback.format_exception(error)))
    except OSError as unwritable:
        return f"\nIts trace cannot be kept: {unwritable}"
    return f"\nThe trace is in {trace}"


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Every process was stopped by now; taking Pulumi's modules apart would take another second.
    os._exit(code)
