"""The project's Markdown pages as the tests of the documentation read them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
FENCE = re.compile(r"^ {0,3}```(\w*)\n(.*?)^ {0,3}```$", re.MULTILINE | re.DOTALL)
NEEDS = re.compile(r"^# needs (.+)$", re.MULTILINE)
SHELL = {"bash", "sh"}


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block for a shell.

    Attributes:
        needs: What its first line says that it needs beyond Python, make and a package index.
        commands: One a line, continued lines joined, without comments.
    """

    page: str
    needs: str
    commands: tuple[str, ...]


def pages() -> list[Path]:
    """Every page that belongs to the project."""
    found = ROOT.rglob("*.md")
    return sorted(
        path
        for path in found
        if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    )


def name(page: Path) -> str:
    """As messages show it."""
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return FENCE.sub("", page.read_text())


def section(page: Path, title: str) -> str:
    """The prose of the page under a heading."""
    return prose(page).partition(f"## {title}\n")[2].partition("\n## ")[0]


def blocks(page: Path) -> list[Block]:
    """The blocks that somebody would paste into a shell."""
    return [
        Block(page=name(page), needs=_needs(text), commands=tuple(_commands(text)))
        for language, text in fenced(page)
        if language in SHELL
    ]


def fenced(page: Path) -> list[tuple[str, str]]:
    """Every fenced block: what it says that it is (empty where it says nothing), and its text."""
    return FENCE.findall(page.read_text())


def spans(page: Path) -> list[str]:
    """What stands between backticks, a broken line joined."""
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose(page))]


def _needs(text: str) -> str:
    found = NEEDS.match(text)
    return found[1] if found else ""


def _commands(text: str) -> list[str]:
    joined = text.replace("\\\n", " ")
    bare = (re.sub(r"(^|\s+)# .*$", "", line).strip() for line in joined.splitlines())
    return [" ".join(line.split()) for line in bare if line]
