"""What the Makefile has, and that its targets run what the tests run."""

import re
import shutil
from pathlib import Path

import pytest

from tests.making import make
from tests.unit.docs.commands import asked_targets, named_commands
from tests.unit.docs.pages import ROOT, name

BUILD = "docker build --build-arg SERVICE={0} -f handlers/Dockerfile -t {0} ."
RECIPES = {
    "compose": ("-m local.containers.compose",),
    "documents": ("-m tools.documents", "-m policy.readme"),
    "down": ("-m local down",),
    "drift STACK=prod": ("preview --stack prod --refresh --expect-no-changes --diff",),
    "image SERVICE=bank-account-setup": (BUILD.format("bank-account-setup"),),
    "images": (BUILD.format("payment-processing"), BUILD.format("subscription-manager")),
    "policy STACK=prod": ("-m local.policy_check prod",),
    "send FILE=mine.jsonl": ('-m local send "mine.jsonl"',),
    "smoke STACK=dev": ("-m control.smoke --stack dev",),
    "up": ("-m local up",),
}
"""Targets of which the tests run what they run."""


def targets() -> dict[str, str]:
    """The Makefile's targets and what `make help` says of each."""
    lines = (ROOT / "Makefile").read_text().splitlines()
    found = (re.match(r"([a-z][a-z0-9-]*):(?!=)(?:[^#]*## (.*))?", line) for line in lines)
    return {match[1]: match[2] or "" for match in found if match}


def test_every_target_that_is_named_exists() -> None:
    files = [*(ROOT / ".github/workflows").glob("*.yaml"), ROOT / ".ci/run"]
    in_files = [
        (name(file), line)
        for file in files
        for line in re.findall(r"\bmake [a-z][^\n;|&)\"]*", file.read_text())
    ]
    absent = {
        (where, target)
        for where, command in [*named_commands(), *in_files]
        if command.startswith("make ")
        for target in asked_targets(command)
        if target not in targets()
    }
    assert absent == set()


def test_every_target_says_in_the_help_what_it_does() -> None:
    assert [target for target, says in targets().items() if not says] == []


def test_help_names_every_target() -> None:
    assert {line.split()[0] for line in make(ROOT, "help").splitlines()} == set(targets())


@pytest.mark.parametrize("command", RECIPES)
def test_a_target_runs_what_the_tests_run(command: str) -> None:
    said = make(ROOT, "-n", *command.split())
    assert [recipe for recipe in RECIPES[command] if recipe not in said] == []


def test_format_mends_what_can_be_mended(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    source = tmp_path / "tests" / "test_ugly.py"
    source.parent.mkdir()
    nobody_can = f"# {'a comment that is too long ' * 5}\n"
    source.write_text(f"import sys\nimport os\nprint( os.sep,sys.path )\n{nobody_can}")
    make(tmp_path, "format")
    mended = "import os\nimport sys\n\nprint(os.sep, sys.path)\n"
    assert source.read_text() == mended + nobody_can.rstrip() + "\n"
