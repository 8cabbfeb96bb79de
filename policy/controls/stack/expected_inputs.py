from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import cast

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Undecided, Violation
from policy.graph import Graph, Resource
from policy.values import brief
from policy.views.account import own_account, own_region


def _check(root: Resource, context: Context) -> Judgement:
    graph = context.graph
    for pattern, inputs in _expected(context).items():
        token, name, *stacks = pattern.split(" ")
        if stacks and root.stack not in stacks:
            continue
        wanted = name.format(stack=root.stack)
        found = [
            item for item in graph.of(token) if fnmatchcase(item.physical_name or item.name, wanted)
        ]
        if not found:
            yield Violation(found=f"no {token} called {wanted}", wanted=pattern)
        for resource in found:
            for path, values in inputs.items():
                yield from _compare(resource, path, [_filled(item, root, graph) for item in values])


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


def _filled(value: object, root: Resource, graph: Graph) -> object:
    """A value with the stack, account and region of this run put in."""
    if not isinstance(value, str):
        return value
    places = {
        "{stack}": root.stack,
        "{account}": own_account(graph) or "",
        "{region}": own_region(graph) or "",
    }
    for place, text in places.items():
        value = value.replace(place, text)
    return value


def _expected(context: Context) -> Mapping[str, Mapping[str, Sequence[object]]]:
    return cast("Mapping[str, Mapping[str, Sequence[object]]]", context.parameters["resources"])


CONTROL = Control(
    id="stack-expected-inputs",
    title="What was reviewed value by value is there, as it was reviewed",
    why="An alarm's threshold or a queue's filter has no rule that any program shares; a changed"
    " one still has to be seen by whoever answers for it.",
    severity=Severity.MEDIUM,
    fix="Bring the program and the reviewed value together.",
    sources=("https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/welcome.html",),
    judges=(tokens.STACK,),
    reads={"*": ("*",)},
    check=_check,
    parameters=(
        Parameter(
            name="resources",
            default={},
            schema={
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": {"type": "array"},
                },
            },
            why="By `type name [stacks]`, the name a pattern with {stack}: allowed values by input"
            " path (with {stack}, {account}, {region}); such a resource has to exist. Empty judges"
            " nothing.",
        ),
    ),
)
