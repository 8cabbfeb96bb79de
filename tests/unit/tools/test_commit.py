"""`make commit`: what may be deployed."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
WHO = ("-c", "user.name=a", "-c", "user.email=a@example.com")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits of main, and one beside it that nobody has reviewed."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    for name in ("first", "second"):
        git(tmp_path, *WHO, "commit", "--quiet", "--allow-empty", "--message", name)
        git(tmp_path, "tag", name)
    git(tmp_path, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(tmp_path, *WHO, "commit", "--quiet", "--allow-empty", "--message", "beside")
    git(tmp_path, "tag", "beside")
    git(tmp_path, "checkout", "--quiet", "second")
    return tmp_path


def git(repository: Path, *command: str) -> str:
    done = subprocess.run(
        ["git", *command], cwd=repository, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def chosen(repository: Path, ref: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--silent", "--no-print-directory", "-f", ROOT / "Makefile", "commit"],
        cwd=repository,
        env={**os.environ, "REF": ref},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("ref", "commit"), [("", "second"), ("first", "first")])
def test_without_a_name_it_is_the_newest_with_one_an_older(
    repository: Path, ref: str, commit: str
) -> None:
    assert chosen(repository, ref).stdout.strip() == git(repository, "rev-parse", commit)


@pytest.mark.parametrize("ref", ["beside", "unknown", "--all", "$(touch here)", "; touch here"])
def test_what_is_not_of_main_is_refused_and_nothing_else_is_run(repository: Path, ref: str) -> None:
    done = chosen(repository, ref)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is no commit of main" in done.stderr
    assert not (repository / "here").exists()
