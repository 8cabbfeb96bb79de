"""How a command asks before it acts, and how it answers: a picture, or JSON."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import typer
from rich.console import Console, RenderableType

from control.errors import NotConfirmedError
from control.stack import Stack


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What every command is told."""

    stack: Callable[[], Stack]
    as_json: bool
    sure: bool
    patience: float


def confirm(choice: Choice, question: str) -> None:
    """Asks, unless --yes has answered.

    Raises:
        NotConfirmedError: No, or nobody is there to answer.
    """
    if choice.sure:
        return
    if not sys.stdin.isatty():
        raise NotConfirmedError(f"{question} Nobody is there to answer; --yes says yes")
    try:
        sure = typer.confirm(question, err=True)
    except typer.Abort:
        sys.stderr.write("\n")
        sure = False
    if not sure:
        raise NotConfirmedError("nothing was done")


def tell(choice: Choice, content: object, picture: RenderableType) -> None:
    """Answers with the picture, or with --json by the content."""
    if choice.as_json:
        print_json(content)
    else:
        console().print(picture)


def console() -> Console:
    """Shows words as they are: a reason may have brackets in it, which Rich reads as its own.

    In a pipe there is no width to fit: a row must not be broken at 80 letters.
    """
    width = None if sys.stdout.isatty() else 200
    return Console(width=width, markup=False, emoji=False)


def print_json(content: object) -> None:
    """One line on stdout."""
    sys.stdout.write(msgspec.json.encode(content).decode() + "\n")
    sys.stdout.flush()
