"""Queues count themselves in `AWS/SQS`, which the emulator leaves out: alarms on depth and age.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

import threading
import time
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import cloudwatch, sqs

from local.emulator.gaps.seam import Untyped, private

# Seconds. AWS measures once a minute.
INTERVAL = 2.0


def close() -> None:
    """Measure every queue for as long as the emulator lives."""
    measure = private(cloudwatch, "record_metric")
    judge = private(cloudwatch, "_evaluate_all_alarms")
    queues = private(sqs, "_queues")
    threading.Thread(target=_forever, args=(queues, measure, judge), daemon=True).start()


def _forever(queues: Untyped, measure: Untyped, judge: Untyped) -> None:
    while True:
        time.sleep(INTERVAL)
        for (account, region, _url), queue in list(queues._data.items()):  # noqa: SLF001 - every account's
            with request_scope(account, region):
                for name, (value, unit) in _measurements(queue).items():
                    dimensions = {"QueueName": queue["name"]}
                    measure("AWS/SQS", name, value, unit, dimensions)
                judge()


def _measurements(queue: dict[str, Any]) -> dict[str, tuple[float, str]]:
    now = time.time()
    messages = list(queue["messages"])
    received = [message["receive_count"] > 0 for message in messages]
    hidden = [message["visible_at"] > now for message in messages]
    delayed = sum(h and not r for h, r in zip(hidden, received, strict=True))
    oldest = max((now - message["sent_at"] for message in messages), default=0.0)
    return {
        "ApproximateNumberOfMessagesVisible": (len(messages) - sum(hidden), "Count"),
        "ApproximateNumberOfMessagesNotVisible": (sum(hidden) - delayed, "Count"),
        "ApproximateNumberOfMessagesDelayed": (delayed, "Count"),
        "ApproximateAgeOfOldestMessage": (oldest, "Seconds"),
    }
