"""The handlers without their logs and metrics, which nobody reads here and which cost most."""

from collections.abc import Generator
from contextlib import contextmanager
from logging import ERROR, Handler, LogRecord
from typing import Any
from unittest.mock import patch

from handlers.common.telemetry import logs as telemetry


def _no_metrics(metrics: object, **dimensions: str) -> None:
    """In place of telemetry.logs.emit, where the workers' counts leave the process."""


@contextmanager
def quiet() -> Generator[list[str]]:
    """Logs of the handlers below ERROR and their metrics are off; gives the errors as they come."""
    errors: list[str] = []

    class Collect(Handler):
        def emit(self, record: LogRecord) -> None:
            errors.append(f"{record.getMessage()}: {record.exc_info and record.exc_info[1]!r}")

    logger: Any = telemetry.logger
    level, handlers = logger.log_level, list(logger.handlers)
    for handler in handlers:
        logger.removeHandler(handler)
    collect = Collect()
    logger.addHandler(collect)
    logger.setLevel(ERROR)
    try:
        with patch("handlers.common.telemetry.tally.emit", new=_no_metrics):
            yield errors
    finally:
        logger.removeHandler(collect)
        for handler in handlers:
            logger.addHandler(handler)
        logger.setLevel(level)
