"""A long build told in short: how far it is while it runs, every word of what went wrong."""

import re
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

EVERY = 15.0
"""Seconds between two words on how far it is."""

DOWNLOADED = re.compile(r"go: downloading \S+ \S+")
COMPILED = re.compile(r"[\w.~@+/-]+")
"""A line of `go build -v`: the package that is next."""


class BuildError(Exception):
    """A program could not be built; the text is all that Go said about it."""


def go_build(go: str, arguments: Sequence[str], folder: Path, say: Callable[[str], object]) -> None:
    """Run `go build` in a folder.

    Args:
        go: The command.
        arguments: What to build, and where to.
        folder: Whose go.mod says from which versions.
        say: Gets a line on how far it is, now and then.

    Raises:
        BuildError: Go failed.
    """
    modules, packages, words = 0, 0, list[str]()
    begin = told = time.monotonic()
    with subprocess.Popen(
        [go, "build", "-v", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            if DOWNLOADED.fullmatch(line.rstrip()):
                modules += 1
            elif COMPILED.fullmatch(line.rstrip()):
                packages += 1
            else:
                words.append(line)
            if time.monotonic() - told >= EVERY:
                told = time.monotonic()
                say(_progress(told - begin, modules, packages))
    if process.returncode != 0:
        raise BuildError("".join(words).rstrip() or f"go ended with {process.returncode}")


def _progress(seconds: float, modules: int, packages: int) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"  {minutes}:{rest:02}  {modules} modules loaded, {packages} packages compiled"
