"""The Pulumi commands of the pages that need AWS: the engine knows each of them and its options."""

import re
import shlex
import subprocess

import pytest

from local.engine.place import Place
from tests.engine.project import ROOT
from tests.unit.docs.pages import blocks, pages, spans

WORD = re.compile(r"[a-z][a-z-]*")


def commands() -> set[str]:
    """Every Pulumi command that a page names, without what surrounds it."""
    texts = [text for page in pages() for block in blocks(page) for text in block.commands]
    texts += [span for page in pages() for span in spans(page)]
    found = {one for text in texts for one in re.findall(r"pulumi [a-z][^|&()>]*", text)}
    return {one.strip() for one in found if text_is_a_command(one)}


def text_is_a_command(text: str) -> bool:
    try:
        return WORD.fullmatch(shlex.split(text)[1]) is not None
    except ValueError:
        return False


def engine_help(words: list[str]) -> str:
    done = subprocess.run(
        [Place(root=ROOT).pulumi, *words, "--help"], capture_output=True, text=True, check=True
    )
    return done.stdout


def subcommand(words: list[str]) -> list[str]:
    """The words of a command that are commands themselves: `stack init` of `stack init dev`."""
    path: list[str] = []
    for word in words:
        if not WORD.fullmatch(word) or engine_help([*path, word]) == engine_help(path):
            break
        path.append(word)
    return path


@pytest.mark.parametrize("command", sorted(commands()))
def test_the_engine_knows_the_command_and_its_options(command: str) -> None:
    words = shlex.split(command)[1:]
    known = subcommand(words)
    assert known, f"there is no pulumi {words[0]}"
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert {option for option in options if f"{option} " not in engine_help(known)} == set()


def test_a_command_that_the_engine_does_not_know_is_found() -> None:
    assert subcommand(["perview"]) == []
    assert "--policy-packs " not in engine_help(["preview"])
