"""Every ARN and queue URL that the inputs of resources mention."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from policy.arns import Named, named, parse_arn
from policy.resource import Resource

_ARN: Final = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:[^\s\"',\\]+")
_QUEUE_URL: Final = re.compile(r"https://sqs\.[a-z0-9-]+\.amazonaws\.com/\d{12}/[^\s\"',\\]+")


@dataclass(frozen=True, kw_only=True)
class Mentioned:
    """An ARN or queue URL somewhere in the inputs of a resource."""

    holder: Resource
    path: str
    text: str
    thing: Named


@lru_cache(maxsize=10_000)
def mentioned_in(resource: Resource) -> tuple[Mentioned, ...]:
    """Those of one resource that name what is modelled."""
    return tuple(
        Mentioned(holder=resource, path=path, text=match, thing=thing)
        for path, text in _strings(resource.inputs, "")
        for pattern in (_ARN, _QUEUE_URL)
        for match in pattern.findall(text)
        if (thing := named(match)) is not None
    )


def accounts_in(resources: Iterable[Resource]) -> Iterator[str]:
    """The account of every ARN at all, of users and roots too."""
    for resource in resources:
        for _, text in _strings(resource.inputs, ""):
            yield from (arn.account for found in _ARN.findall(text) if (arn := parse_arn(found)))


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
