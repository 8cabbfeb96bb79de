"""One local system in the background for all tests of the operator's command."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.access import Access, State
from local.supervisor import find

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("operated") / "up"


@pytest.fixture(scope="session")
def running(directory: Path) -> Iterator[State]:
    """A system whose directory `--directory` names, as `make up` leaves one."""

    def local(verb: str) -> None:
        command = [sys.executable, "-m", "local", "--directory", str(directory.parent), verb]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    try:
        local("up")
        yield find(directory)
    finally:
        local("down")


@pytest.fixture
def access(running: State) -> Access:
    return running.access()
