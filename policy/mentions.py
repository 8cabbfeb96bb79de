"""Every ARN and queue URL that the inputs of resources mention."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from policy.arns import Arn, Named, named, parse_arn
from policy.resource import Resource

_ARN: Final = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:[^\s\"',\\]+")
_QUEUE_URL: Final = re.compile(r"https://sqs\.[a-z0-9-]+\.amazonaws\.com/\d{12}/[^\s\"',\\]+")


@dataclass(frozen=True, kw_only=True)
class Mentioned:
    """An ARN, or the URL of a queue, somewhere in the inputs of a resource.

    Attributes:
        arn: the ARN; of a URL, what it would be.
        thing: what it names, None where that is not modelled.
    """

    holder: Resource
    path: str
    text: str
    arn: Arn
    thing: Named | None


@lru_cache(maxsize=10_000)
def mentioned_in(resource: Resource) -> tuple[Mentioned, ...]:
    """Those of one resource."""
    return tuple(
        Mentioned(holder=resource, path=path, text=match, arn=arn, thing=named(match))
        for path, text in _strings(resource.inputs, "")
        for pattern in (_ARN, _QUEUE_URL)
        for match in pattern.findall(text)
        if (arn := _arn(match)) is not None
    )


def _arn(text: str) -> Arn | None:
    thing = None if text.startswith("arn:") else named(text)
    if thing is None:
        return parse_arn(text)
    return Arn(service="sqs", region=thing.region, account=thing.account, resource=thing.name)


def _strings(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if "arn:" in value or "https://sqs." in value:
            yield path, value
    elif isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            yield from _strings(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _strings(item, f"{path}.{index}")
