from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Undecided, Violation
from policy.graph import Graph
from policy.patterns import like
from policy.resource import Resource
from policy.values import brief
from policy.views.names import PLACES, fill, places_of


@dataclass(frozen=True, kw_only=True)
class _Expected:
    """One resource that has to exist, and the values that its inputs may have."""

    token: str
    name: str
    inputs: Mapping[str, Sequence[object]]


def _check(root: Resource, context: Context) -> Judgement:
    del root
    for expected in _all_expected(context):
        found = _called(context.graph, expected.token, expected.name)
        if not found:
            yield Violation(
                found=f"no {expected.token} called {expected.name}", wanted="this resource"
            )
        for resource in found:
            for path, values in expected.inputs.items():
                yield from _compare(resource, path, values)


def _compare(resource: Resource, path: str, values: Sequence[object]) -> Judgement:
    parts = tuple(int(part) if part.isdigit() else part for part in path.split("."))
    if not resource.known(*parts):
        yield Undecided(resource=resource, path=path)
        return
    value = resource.get(*parts)
    if value not in values:
        yield Violation(
            resource=resource,
            path=path,
            found=brief(value),
            wanted=" or ".join(brief(item) for item in values),
        )


def _all_expected(context: Context) -> Iterator[_Expected]:
    given = cast("Mapping[str, Mapping[str, object]]", context.parameters["resources"])
    for key, inputs in given.items():
        token, *patterns = key.split(" ")
        for pattern in patterns:
            for places in places_of(context.graph, pattern):
                yield _Expected(
                    token=token,
                    name=fill(pattern, places),
                    inputs={path: _allowed(value, places) for path, value in inputs.items()},
                )


def _allowed(value: object, places: Mapping[str, str]) -> Sequence[object]:
    values = cast("list[object]", value) if isinstance(value, list) else [value]
    return [fill(item, places) if isinstance(item, str) else item for item in values]


def _called(graph: Graph, token: str, name: str) -> Sequence[Resource]:
    if "*" not in name:
        found = graph.called(token, name)
        return [found] if found else []
    return [item for item in graph.of(token) if like(item.physical_name or item.name, name)]


CONTROL = Control(
    id="stack-expected-inputs",
    title="What was reviewed value by value is there, as it was reviewed",
    why="An alarm's threshold or a queue's filter has no rule that any program shares; a changed"
    " one still has to be seen by whoever answers for it.",
    severity=Severity.MEDIUM,
    fix="Bring the program and the reviewed value together.",
    sources=(
        "https://docs.aws.amazon.com/wellarchitected/latest/operational-excellence-pillar/ops_dev_integ_conf_mgmt_sys.html",
    ),
    judges=(tokens.STACK,),
    reads={"*": ("*",)},
    check=_check,
    parameters=(
        Parameter(
            name="resources",
            default={},
            schema={"type": "object", "additionalProperties": {"type": "object"}},
            why="By `type name ...`: each name is a pattern and such a resource has to exist; for"
            " each input's path the value, or a list of allowed ones. Empty judges nothing."
            f" {PLACES}",
        ),
    ),
)
