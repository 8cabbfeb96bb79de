from collections.abc import Iterator

import pytest
from moto import mock_aws

from handlers.common.telemetry.logs import logger
from handlers.common.telemetry.tally import tally
from tests.unit.handlers.common.pretended_aws import Aws


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


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """A queue and a topic of a test's own."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        yield Aws()
