"""DescribeAlarms is judged on the alarms that it names, and without a name on all.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions

from local.emulator.gaps.seam import wrap


def close() -> None:
    """Name the alarm in the ARN that a policy is compared with."""
    wrap(iam_actions, "extract_resource_arn", _with_alarm)


def _with_alarm(original: Callable[..., str]) -> Callable[..., str]:
    def arn(  # noqa: PLR0913, PLR0917 - the emulator's signature
        service: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query: dict[str, Any],
        region: str,
        account: str,
    ) -> str:
        if not headers.get("x-amz-target", "").endswith(".DescribeAlarms"):
            return original(service, method, path, headers, body, query, region, account)
        names = json.loads(body or b"{}").get("AlarmNames") or ()
        # Several names are several judgements on AWS: this system asks for one at a time.
        name = names[0] if len(names) == 1 else "*"
        return f"arn:aws:cloudwatch:{region}:{account}:alarm:{name}"

    return arn
