"""The commands that the pages name, taken apart."""

import re
import shlex
from collections.abc import Iterator

from tests.unit.docs.pages import blocks, name, pages, spans

CHAINED = re.compile(r"\s(?:&&|\|)\s")
"""What stands between two commands of one line."""


def named_commands() -> list[tuple[str, str]]:
    """Every command that a page names, in a block or between backticks, with the page."""
    in_blocks = [
        (block.page, command)
        for page in pages()
        for block in blocks(page)
        for command in block.commands
    ]
    between = [(name(page), span) for page in pages() for span in spans(page)]
    return in_blocks + between


def asked_targets(command: str) -> list[str]:
    """The targets of a `make` command."""
    words = shlex.split(command)[1:]
    return [word for word in words if "=" not in word and not word.startswith("-")]


def parts(command: str) -> Iterator[str]:
    """The commands of a line, each target of a `make` as one of its own."""
    for one in CHAINED.split(command):
        if one.startswith("make "):
            yield from (f"make {target}" for target in asked_targets(one))
        else:
            yield one
