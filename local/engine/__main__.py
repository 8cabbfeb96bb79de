"""`python -m local.engine VERB --stack STACK`: preview, deploy, destroy by the real engine."""

import argparse
import sys

from pulumi import automation

from local.configuration import ConfigurationError, read_configuration
from local.engine.build import EngineError
from local.engine.engine import Engine
from local.engine.place import Place
from local.engine.system import deploy, destroy, running_engine
from local.errors import LocalError
from local.interrupts import Interrupted, raise_on_signals
from local.project import ROOT, STACK

NO_AWS = {"AWS_ENDPOINT_URL": ""}  # a preview of a shared stack asks no AWS, whatever is set
KILLED = "code: -"  # a command's result names the signal as a negative code
LOCKED = "An update was killed and left its lock: make down ends the system with all that is in it."


def main() -> int:
    """Run a verb; what goes wrong is one message and an exit code."""
    arguments = _parser().parse_args()
    raise_on_signals()
    try:
        arguments.run(arguments.stack)
    except (EngineError, LocalError, ConfigurationError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except automation.ConcurrentUpdateError:
        sys.stderr.write(f"{LOCKED}\n")
        return 1
    except automation.CommandError as error:
        # The engine has said what is wrong, on the output that was shown all along.
        if KILLED in str(error):
            sys.stderr.write("The engine was killed.\n")
        return 1
    except Interrupted as interrupted:
        sys.stderr.write(f"{interrupted}: stopped\n")
        return 128 + interrupted.number
    return 0


def _preview(stack: str) -> None:
    engine = running_engine() if stack == STACK else None
    if engine is None:
        place = Place(root=ROOT)
        folder = place.home / "previews" / stack
        engine = Engine(place=place, folder=folder, stack=stack, environment=NO_AWS, settings={})
    engine.preview(_say)


def _deploy(stack: str) -> None:
    _local_alone(stack, "up")
    deploy(_say)


def _destroy(stack: str) -> None:
    _local_alone(stack, "destroy")
    destroy(_say)


def _local_alone(stack: str, verb: str) -> None:
    read_configuration(ROOT, stack)
    if stack != STACK:
        raise EngineError(
            f"make makes the stack {STACK!r} on this machine; for {stack!r} in its AWS account, "
            f"use the engine itself: pulumi {verb} --stack {stack} (docs/deployment.md)"
        )


def _say(text: str) -> None:
    sys.stdout.write(f"{text.rstrip()}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.engine", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for name, run, what in (
        ("preview", _preview, "show what an update would do"),
        ("deploy", _deploy, "make or update the system on this machine"),
        ("destroy", _destroy, "remove it and stop"),
    ):
        verb = verbs.add_parser(name, help=what)
        verb.add_argument("--stack", default=STACK)
        verb.set_defaults(run=run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
