from collections.abc import Iterator

import pytest

from handlers.common.tally import tally
from handlers.common.telemetry import logger


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Tests of what is logged listen themselves."""
    level = logger.log_level
    logger.setLevel("CRITICAL")
    yield
    logger.setLevel(level)
    tally.counts.clear()
    tally.times.clear()
    tally.money *= 0
