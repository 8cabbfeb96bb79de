"""What is written at a log level, under Lambda's own one."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any

import pytest

PROGRAM = """
from handlers.common.telemetry.logs import emit, logger
logger.info("a step"); logger.warning("a warning"); logger.error("a defect")
emit({"Completed": (1, "Count")})
"""


def written(level: str) -> list[dict[str, Any]]:
    """The lines of a function of that level; Lambda's own is INFO."""
    environment = {**os.environ, "LOG_LEVEL": level, "AWS_LAMBDA_LOG_LEVEL": "INFO"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("INFO", ["a step", "a warning", "a defect"]),
        ("WARNING", ["a warning", "a defect"]),
        ("ERROR", ["a defect"]),
    ],
)
def test_the_loggers_level_is_ours_and_metrics_come_at_every_one(
    level: str, told: list[str]
) -> None:
    *lines, metric = written(level)
    assert [line["message"] for line in lines] == told
    assert metric["Completed"] == 1


def test_a_line_has_a_level_and_a_time_that_lambda_reads() -> None:
    line = written("ERROR")[0]
    assert line["level"] == "ERROR"
    assert "T" in line["timestamp"]
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(0)
