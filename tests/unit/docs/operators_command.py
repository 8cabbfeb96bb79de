"""What the operator's command would say of a line, up to where it would look for the stack."""

import shlex
from unittest import mock

from typer.testing import CliRunner

from control import cli


class Understood(Exception):
    """Every word of it."""


def refusal(line: str) -> str:
    """What is wrong with it; empty where nothing is."""
    words = shlex.split(line)
    if words[0] == "make":
        words = shlex.split(next(w.removeprefix("ARGS=") for w in words if w.startswith("ARGS=")))
    else:
        words = words[words.index("control") + 1 :]
    with mock.patch.object(cli, "reach", side_effect=Understood):
        result = CliRunner().invoke(cli.app, words)
    return "" if isinstance(result.exception, Understood) else result.output
