"""Calls on a log stream are judged on the stream's ARN, where the emulator takes the group's.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
"""

import json
from collections.abc import Callable

from ministack.core import iam_actions

from local.emulator.gaps.seam import Untyped, wrap

# Judged on the group's streams though they name none: the refusals of AWS say so.
_OF_STREAMS = (".FilterLogEvents", ".StartQuery")


def close() -> None:
    """Name the stream in the ARN that a policy is compared with."""
    wrap(iam_actions, "extract_resource_arn", _with_stream)


def _with_stream(original: Callable[..., str]) -> Callable[..., str]:
    def arn(service: str, *args: Untyped, **named: Untyped) -> str:
        found = original(service, *args, **named)
        if service != "logs" or ":log-group:" not in found:
            return found
        given = (*args, *named.values())
        body = next((x for x in given if isinstance(x, bytes)), b"{}")
        headers: Untyped = next((x for x in given if isinstance(x, dict)), {})
        stream = json.loads(body or b"{}").get("logStreamName")
        judged_so = stream or str(headers.get("x-amz-target", "")).endswith(_OF_STREAMS)
        return f"{found}:log-stream:{stream or ''}" if judged_so else found

    return arn
