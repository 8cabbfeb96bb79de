"""The way of a page through AWS and GitHub, walked in one shell with stand-ins for programs."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.unit.docs.pages import ROOT, blocks

STAND_IN = """#!/bin/sh
{ printf '%s\\0' "$PWD" "${0##*/}" "$@"; printf '\\n'; } >> "$CALLS"
case "$*" in
    *KeyMetadata.Arn*) echo arn:aws:kms:us-east-2:111122223333:key/of-the-state ;;
esac
"""
PROGRAMS = ("aws", "gh", "make", "pulumi", ".venv/bin/python")
FILES = ("Makefile", "Pulumi*.yaml", "bootstrap/Pulumi*.yaml", "policy/PulumiPolicy.yaml")


@dataclass(frozen=True)
class Call:
    """What a stand-in was asked, and in which folder of the project."""

    folder: str
    words: tuple[str, ...]

    def option(self, name: str) -> str:
        """The value of an option; empty where it is not given."""
        given = dict(zip(self.words, self.words[1:], strict=False))
        return given.get(name, "")

    def begins(self, *words: str) -> bool:
        """Whether it is this command."""
        return self.words[: len(words)] == words


def walked(page: Path, folder: Path, needs: tuple[str, ...], **environment: str) -> list[Call]:
    """Every call on the way, in order; a shell that meets an error or an unset variable stops."""
    project, calls = folder / "project", folder / "calls"
    for pattern in (*FILES, "policy.json"):
        for file in ROOT.glob(pattern):
            target = project / file.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
    for program in PROGRAMS:
        stand_in = project / program if "/" in program else folder / "bin" / program
        stand_in.parent.mkdir(parents=True, exist_ok=True)
        stand_in.write_text(STAND_IN)
        stand_in.chmod(0o755)
    way = [block for block in blocks(page) if block.needs.startswith(needs)]
    script = "\n".join(["set -euo pipefail", *(line for b in way for line in b.commands)])
    path = f"{folder / 'bin'}{os.pathsep}{os.defpath}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=project,
        env={"PATH": path, "CALLS": str(calls), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    records = [record.split("\0") for record in calls.read_text().split("\0\n") if record]
    return [
        Call(str(Path(where).relative_to(project.resolve())), tuple(words))
        for where, *words in records
    ]
