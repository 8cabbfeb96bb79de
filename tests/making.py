"""The Makefile's targets as people call them, with this process's environment as theirs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
VIRTUAL = Path(sys.executable).parents[1]
NOT_COPIED = ("__pycache__", ".git", ".venv", ".local", ".engine", ".*_cache")


def copied(folder: Path, root: Path = ROOT) -> Path:
    """A project of its own, without what is made in it."""
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns(*NOT_COPIED), dirs_exist_ok=True)
    return folder


def make(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Runs `make` in a folder, which may be another one; what it printed."""
    installed = (f"VENV={VIRTUAL}", "-o", VIRTUAL / ".installed")
    quiet = ("--no-print-directory",)  # under another make, it would say which folder it enters
    done = subprocess.run(
        ["make", *quiet, "-f", ROOT / "Makefile", *installed, *arguments],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"make {arguments}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout
