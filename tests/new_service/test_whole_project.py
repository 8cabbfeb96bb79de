"""The project with one more service, made by the command and nothing else, passes what it must."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_COPIED = ("__pycache__", ".git", ".venv", ".local", ".engine", ".*_cache")
STACKS = ("local", "dev", "staging", "prod")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which `make new-service` was run."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*NOT_COPIED), dirs_exist_ok=True)
    (root / ".venv").symlink_to(ROOT / ".venv")
    make(root, "new-service", "NAME=meter-reading", "TYPE=meter_reading")
    return root


def make(root: Path, *words: str) -> None:
    """Run a make target in a project; what it says is shown if it fails."""
    done = subprocess.run(["make", *words], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout[-20000:]}{done.stderr[-5000:]}"


@pytest.mark.parametrize("target", ["check", "test", "test-policy"])
def test_it_passes_every_test_of_the_project(project: Path, target: str) -> None:
    make(project, target)


@pytest.mark.parametrize("stack", STACKS)
def test_its_first_preview_passes_the_policies(project: Path, stack: str) -> None:
    make(project, "policy", f"STACK={stack}")
