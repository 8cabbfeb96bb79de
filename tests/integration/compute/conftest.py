from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from local.compute import Code, Runner
from local.emulator import Emulator

HANDLERS = Path(__file__).parent / "handlers"


def handler_of_test(environment: Mapping[str, str]) -> Code:
    return Code(handler=environment["HANDLER"], root=HANDLERS)


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runner")


@pytest.fixture(scope="module", autouse=True)
def runner(emulator: Emulator, directory: Path) -> Iterator[Runner]:
    """It ends with its file: it would receive from the mapped queues of the folders after it."""
    with Runner.start(emulator, directory, turn=0.3, resolver=handler_of_test) as running:
        yield running
