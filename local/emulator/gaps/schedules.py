"""Schedules: the emulator calls a function under no role. Here the schedule's role must allow it.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
"""

import logging
from collections.abc import Callable
from typing import Any

from ministack.services import eventbridge

from local.emulator.gaps import roles
from local.emulator.gaps.seam import Untyped, wrap

_log = logging.getLogger(__name__)


def close() -> None:
    """Judge the role of a schedule before its target is called."""
    wrap(eventbridge, "_invoke_target", _judging)


def _judging(original: Callable[..., None]) -> Callable[..., None]:
    def invoke(target: dict[str, Any], event: Untyped, source: Untyped, *rest: Untyped) -> None:
        arn, role = str(target.get("Arn", "")), target.get("RoleArn")
        if role and ":lambda:" in arn and not roles.allows(role, "lambda:InvokeFunction", arn):
            _log.warning("%s may not call %s: the schedule's event is lost", role, arn)
            return
        original(target, event, source, *rest)

    return invoke
