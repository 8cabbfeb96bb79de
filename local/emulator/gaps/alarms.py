"""DescribeAlarms by name is judged on the alarm, where the emulator takes it for a call on `*`.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
"""

import json
from collections.abc import Callable

from ministack.core import iam_actions

from local.emulator.gaps.seam import Untyped, wrap


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
        query: Untyped,
        region: str,
        account: str,
    ) -> str:
        found = original(service, method, path, headers, body, query, region, account)
        if service != "monitoring" or found != "*":
            return found
        # AWS judges every name; this system asks for one at a time, and clients here send JSON.
        names = json.loads(body or b"{}").get("AlarmNames") if body.startswith(b"{") else None
        return f"arn:aws:cloudwatch:{region}:{account}:alarm:{names[0]}" if names else found

    return arn
