"""The Pulumi commands of the pages that need AWS: the engine knows each of them and its options."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from components.configuration import read_settings
from components.settings import Settings
from local.configuration import read_configuration
from local.engine.place import Place
from tests.engine.project import ROOT, Project
from tests.unit.docs.pages import blocks, pages, spans

WORD = re.compile(r"[a-z][a-z-]*")


def commands() -> set[str]:
    """Every Pulumi command that a page names, without what surrounds it."""
    texts = [text for page in pages() for block in blocks(page) for text in block.commands]
    texts += [span for page in pages() for span in spans(page)]
    found = {one for text in texts for one in re.findall(r"pulumi [a-z][^|&()>]*", text)}
    return {one.strip() for one in found}


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


def told(tmp_path: Path, source: Path, stack: str, verb: str) -> Project:
    """A stack for which the pages' `pulumi config` commands with this verb were given."""
    project = Project(source=source, folder=tmp_path, stack=stack, environment={})
    project.init()
    give(project, verb)
    return project


def give(project: Project, verb: str) -> None:
    begins = f"pulumi config {verb} --stack {project.stack} "
    for command in sorted(each for each in commands() if each.startswith(begins)):
        _, *words = shlex.split(command)
        project.pulumi(*(word.replace("...", "0" * 64) for word in words))


def settings(project: Project) -> Settings:
    values = read_configuration(project.program, project.stack).values
    return read_settings(project.stack, values["aws:region"], values)


def test_what_ends_a_stack_is_written_as_the_program_reads_it(source: Path, tmp_path: Path) -> None:
    project = told(tmp_path, source, "dev", "set")
    assert (settings(project).protect, settings(project).deletion_protection) == (False, False)


def test_the_way_back_is_written_and_taken_away_as_the_program_reads_it(
    source: Path, tmp_path: Path
) -> None:
    project = told(tmp_path, source, "prod", "set")
    assert settings(project).images == {"payment-processing": f"sha256:{'0' * 64}"}
    give(project, "rm")
    assert settings(project).images == {}


def test_a_command_that_the_engine_does_not_know_is_found() -> None:
    assert subcommand(["perview"]) == []
    assert "--policy-packs " not in engine_help(["preview"])
