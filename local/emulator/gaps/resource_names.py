"""Resources that a call names, and the emulator does not tell: alarms, queues, keys by an alias.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html,
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html and
https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions

from local.emulator.gaps import keys
from local.emulator.gaps.seam import wrap


def close() -> None:
    """Put what is named into the ARN that a policy is compared with."""
    wrap(iam_actions, "extract_resource_arn", _with_names)


def _with_names(original: Callable[..., str]) -> Callable[..., str]:
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
        match headers.get("x-amz-target", "").rpartition(".")[2]:
            case "DescribeAlarms":
                names = json.loads(body or b"{}").get("AlarmNames") or ()
                # Several names are several judgements on AWS: this system asks for one at a time.
                name = names[0] if len(names) == 1 else "*"
                return f"arn:aws:cloudwatch:{region}:{account}:alarm:{name}"
            case "GetQueueUrl":
                name = json.loads(body or b"{}").get("QueueName", "*")
                return f"arn:aws:sqs:{region}:{account}:{name}"
            case _:
                found = original(service, method, path, headers, body, query, region, account)
                return keys.of_alias(found) if ":alias/" in found else found

    return arn
