from collections.abc import Iterator

import pytest

from handlers.common.telemetry.logs import logger
from handlers.common.telemetry.tally import tally


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
