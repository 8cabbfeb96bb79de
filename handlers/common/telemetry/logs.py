"""Logs and metrics of every service: JSON lines for people, embedded metrics for CloudWatch."""

import json
import logging
import os
import time
import traceback
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

NAMESPACE = "UtilityCustomerSystem"

logger = Logger(use_rfc3339=True, utc=True)
# Powertools would take Lambda's own level, which stays at INFO for the metrics' sake
# (components/functions.py).
logging.getLogger(logger.service).setLevel(os.environ.get("LOG_LEVEL", "INFO"))


def defect_of(error: Exception) -> dict[str, object]:
    """Which error of our own it is and where: its text stays inside, for it may quote a message."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def emit(metrics: Mapping[str, tuple[float | list[float], str]], **dimensions: str) -> None:
    """Writes one metric document, which CloudWatch turns into metrics.

    Powertools' Metrics keeps one buffer for the process, until the end of the invocation; the
    manager tells of several services side by side.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

    Args:
        metrics: Name to value (or up to a hundred values) and unit.
        dimensions: Beside or instead of `service` and `environment`.
    """
    labels = {
        "service": os.environ.get("SERVICE", "unknown"),
        "environment": os.environ.get("ENVIRONMENT", "standalone"),
        **dimensions,
    }
    document: dict[str, Any] = {
        "_aws": {
            "Timestamp": int(time.time() * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": NAMESPACE,
                    "Dimensions": [sorted(labels)],
                    "Metrics": [
                        {"Name": name, "Unit": unit} for name, (_, unit) in metrics.items()
                    ],
                }
            ],
        },
        **labels,
        **{name: value for name, (value, _) in metrics.items()},
    }
    print(json.dumps(document), flush=True)  # noqa: T201 - standard output is Lambda's log
