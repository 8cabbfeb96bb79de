"""What the program sends is what the real providers take: their SDKs say so, to the last member.

Unlike a type checker this sees what really goes over the wire, after transformations and merges.
"""

import inspect
import sys
import typing
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

import pulumi
import pytest

from tests.unit.components.harness import STACKS, graph, run

PLAIN: dict[type, tuple[type, ...]] = {
    str: (str,),
    bool: (bool,),
    int: (int,),
    float: (int, float),
}

# The longest that AWS takes, from the API reference of each: CreateQueue, CreateFunction,
# CreateRole, PutMetricAlarm, CreateSchedule, CreateScheduleGroup, CreateTopic, CreateRepository.
LONGEST = {
    "Queue": 80,
    "Function": 64,
    "Role": 64,
    "MetricAlarm": 255,
    "Schedule": 64,
    "ScheduleGroup": 64,
    "Topic": 256,
    "Repository": 256,
}


@pytest.mark.parametrize("stack", STACKS)
def test_every_input_is_one_that_the_providers_take(stack: str) -> None:
    made = [r for r in graph(stack).recording.resources if r.custom and _is_of_a_provider(r.type)]
    assert len(made) > 100
    assert [found for r in made for found in _misfits(r.name, arguments_of(r.type), r.inputs)] == []


@pytest.mark.parametrize(
    ("token", "inputs", "misfits"),
    [
        ("aws:sqs/queue:Queue", {"nameOfTheQueue": "a"}, [".nameOfTheQueue is unknown"]),
        ("aws:sqs/queue:Queue", {"delaySeconds": True}, [".delaySeconds is True, not of"]),
        ("aws:sns/topicPolicy:TopicPolicy", {"policy": "{}"}, [".arn is missing"]),
        (
            "aws:lambda/eventSourceMapping:EventSourceMapping",
            {"functionName": "f", "scalingConfig": {"concurrency": 2}},
            [".scalingConfig.concurrency is unknown"],
        ),
    ],
)
def test_what_they_do_not_take_is_found(
    token: str, inputs: dict[str, object], misfits: list[str]
) -> None:
    found = list(_misfits("", arguments_of(token), inputs))
    assert [text[: len(misfit)] for text, misfit in zip(found, misfits, strict=True)] == misfits


def test_the_longest_name_of_a_stack_leaves_every_name_short_enough() -> None:
    stack = run("dev").recording.resources
    growth = len("s" * 16) - len("dev")
    for kind, most in LONGEST.items():
        names = [r.inputs["name"] for r in stack if r.type.endswith(f":{kind}")]
        assert names, kind
        assert max(map(len, names)) + growth <= most, kind


def _is_of_a_provider(token: str) -> bool:
    return token.startswith(("aws:", "docker:"))


def arguments_of(token: str) -> type:
    """The SDK's class of a resource's inputs: `aws:sqs/queue:Queue` -> `QueueArgs`."""
    package, path, name = token.split(":")
    module = path.split("/")[0]
    inner = {"index": "", "lambda": ".lambda_"}.get(module, f".{module}")
    return getattr(import_module(f"pulumi_{package}{inner}"), f"{name}Args")


def _misfits(where: str, arguments: type, inputs: Mapping[str, Any]) -> Iterator[str]:
    """What is missing, unknown or of another type."""
    taken = dict(_parameters(arguments))
    for name, (needed, _) in taken.items():
        if needed and name not in inputs:
            yield f"{where}.{name} is missing"
    for name, value in inputs.items():
        if name not in taken:
            yield f"{where}.{name} is unknown"
        else:
            yield from _of_type(f"{where}.{name}", taken[name][1], value)


def _parameters(arguments: type) -> Iterator[tuple[str, tuple[bool, Any]]]:
    """Each input by its name on the wire: whether it is needed, and its type."""
    initialize = arguments.__init__
    known = {**vars(pulumi), **vars(sys.modules[arguments.__module__])}
    hints = typing.get_type_hints(initialize, known)
    for name, parameter in inspect.signature(initialize).parameters.items():
        if name in hints:
            head, *rest = name.rstrip("_").split("_")
            needed = parameter.default is inspect.Parameter.empty
            yield head + "".join(map(str.capitalize, rest)), (needed, _kind(hints[name]))


def _kind(hint: Any) -> Any:  # noqa: ANN401 - any annotation
    """The one type that a value has: inputs may also be outputs, futures and dictionaries."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return [_kind(inner[0])]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return dict
    if origin is None:
        wanted = hint in PLAIN or getattr(hint, "__name__", "").endswith("Args")
        return hint if wanted else None
    return next((found for part in inner if (found := _kind(part)) is not None), None)


def _of_type(where: str, kind: Any, value: Any) -> Iterator[str]:  # noqa: ANN401 - any of both
    if isinstance(kind, list):
        for one in value if isinstance(value, list) else [value]:
            yield from _of_type(f"{where}[]", kind[0], one)
    elif kind is dict or kind in PLAIN:
        wanted = (dict,) if kind is dict else PLAIN[kind]
        if not isinstance(value, wanted) or (kind is not bool and isinstance(value, bool)):
            yield f"{where} is {value!r}, not of {kind}"
    elif isinstance(value, dict):
        yield from _misfits(where, kind, value)
    else:
        yield f"{where} is {value!r}, not of {kind}"
