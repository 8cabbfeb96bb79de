"""Topics count themselves in `AWS/SNS`, which the emulator leaves out: alarms on silence and loss.

https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
"""

import inspect
from collections.abc import Callable

from ministack.services import cloudwatch, sns

from local.emulator.gaps.seam import Untyped, private, wrap


def close() -> None:
    """Count each message where it is handed on."""
    wrap(sns, "_fanout", _counting)


def _counting(original: Callable[..., Untyped]) -> Callable[..., Untyped]:
    signature = inspect.signature(original)
    record = private(cloudwatch, "record_metric")

    def fanout(*args: Untyped, **named: Untyped) -> Untyped:
        given = signature.bind(*args, **named).arguments
        topic = str(given["topic_arn"])
        dimensions = {"TopicName": topic.rpartition(":")[2]}
        record("AWS/SNS", "NumberOfMessagesPublished", 1, "Count", dimensions)
        if not given.get("message_attributes"):
            name = "NumberOfNotificationsFilteredOut-NoMessageAttributes"
            for _ in range(_filtered(topic)):
                record("AWS/SNS", name, 1, "Count", dimensions)
        return original(*args, **named)

    return fanout


def _filtered(topic: str) -> int:
    """How many subscriptions of a topic filter by attributes."""
    found = private(sns, "_topic_by_arn_any_scope")(topic) or {"subscriptions": ()}
    return sum(bool(s.get("attributes", {}).get("FilterPolicy")) for s in found["subscriptions"])
