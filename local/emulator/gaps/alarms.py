"""Alarms publish as CloudWatch: the topic's policy and its key's must let that service.

CloudWatch reports no failure when they do not: the alarm is simply not heard of.
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

import logging
from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch

from local.emulator.gaps.judging import permitted
from local.emulator.gaps.seam import Untyped, wrap
from local.emulator.judge import Request

_log = logging.getLogger(__name__)
_ACTIONS = {
    "ALARM": "AlarmActions",
    "OK": "OKActions",
    "INSUFFICIENT_DATA": "InsufficientDataActions",
}


def close() -> None:
    """Judge the service that an alarm's action is done by."""
    wrap(cloudwatch, "_dispatch_alarm_actions", _judging)


def _judging(original: Callable[..., None]) -> Callable[..., None]:
    def dispatch(
        alarm: dict[str, Any], old: Untyped, state: str, *rest: Untyped, **named: Untyped
    ) -> None:
        field = _ACTIONS[state]
        topics = [x for x in alarm.get(field) or [] if _may_publish(alarm, x)]
        original({**alarm, field: topics}, old, state, *rest, **named)

    return dispatch


def _may_publish(alarm: dict[str, Any], topic: str) -> bool:
    if ":sns:" not in topic:
        return True
    arn = str(alarm.get("AlarmArn", ""))
    request = Request(
        principal="cloudwatch.amazonaws.com",
        action="sns:Publish",
        resource=topic,
        context={"aws:sourcearn": (arn,), "aws:sourceaccount": (topic.split(":")[4],)},
    )
    allowed = permitted(request)
    if not allowed:
        _log.warning("the alarm %s may not publish to %s", arn, topic)
    return allowed
