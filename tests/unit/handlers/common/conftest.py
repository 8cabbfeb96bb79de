from collections.abc import Iterator

import pytest

from handlers.common.telemetry.logs import logger
from handlers.common.telemetry.tally import tally
from tests.unit.handlers.common.queue_and_topic import Aws


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Tests of what is logged listen themselves."""
    level = logger.log_level
    logger.setLevel("CRITICAL")
    yield
    logger.setLevel(level)


@pytest.fixture(autouse=True)
def untold() -> None:
    """The process has counted nothing yet, whoever worked in it before."""
    tally.counts.clear()
    tally.times.clear()
    tally.money *= 0


@pytest.fixture
def aws(pretended: None) -> Aws:
    """A queue and a topic of a test's own."""
    del pretended
    return Aws()
