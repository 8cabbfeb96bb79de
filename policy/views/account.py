"""The account and region that a program works in, and every ARN that it mentions."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from policy.arns import Named, named, parse_arn
from policy.graph import Graph
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


def arns_in(graph: Graph) -> tuple[Mentioned, ...]:
    """Every ARN and queue URL that an input of the program mentions."""
    return graph.memo("arns", lambda: tuple(_mentioned(graph)))


def own_account(graph: Graph) -> str | None:
    """The account that most ARNs of the program name; users and roots count where nothing else."""
    return graph.memo("account", lambda: _most(_of_resources(graph)) or _most(_of_any(graph)))


def own_region(graph: Graph) -> str | None:
    """The region that most ARNs of the program name."""
    return graph.memo("region", lambda: _most(item.thing.region for item in arns_in(graph)))


def _of_resources(graph: Graph) -> Iterator[str]:
    return (item.thing.account for item in arns_in(graph))


def _of_any(graph: Graph) -> Iterator[str]:
    for resource in graph.resources:
        for _, text in _strings(resource.inputs, ""):
            yield from (arn.account for found in _ARN.findall(text) if (arn := parse_arn(found)))


def _most(values: Iterable[str]) -> str | None:
    counted = Counter(value for value in values if value and "*" not in value)
    return counted.most_common(1)[0][0] if counted else None


def _mentioned(graph: Graph) -> Iterator[Mentioned]:
    for resource in graph.resources:
        yield from _mentioned_in(resource)


@lru_cache(maxsize=10_000)
def _mentioned_in(resource: Resource) -> tuple[Mentioned, ...]:
    return tuple(
        Mentioned(holder=resource, path=path, text=match, thing=thing)
        for path, text in _strings(resource.inputs, "")
        for pattern in (_ARN, _QUEUE_URL)
        for match in pattern.findall(text)
        if (thing := named(match)) is not None
    )


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
