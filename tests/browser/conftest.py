"""One system and one browser for all tests of the page."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.access import Access, State
from local.supervisor import find
from tests.absent import absent
from tests.browser.driver import Browser, missing
from tests.waiting import until

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    if missing():
        absent(missing())
    directory = tmp_path_factory.mktemp("page")

    def local(verb: str) -> None:
        command = [sys.executable, "-m", "local", "--directory", str(directory), verb]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    try:
        local("up")
        yield find(directory / "up")
    finally:
        local("down")


@pytest.fixture(scope="session")
def browser(running: State, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as browser:
        browser.open(running.page_url)
        until(lambda: browser.text("#health") == "well", "the page has looked")
        yield browser


@pytest.fixture(scope="session")
def access(running: State) -> Access:
    return running.access()
