"""Names as parameters list them: exact, as patterns, or said once for every worker."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from policy import tokens
from policy.graph import Graph
from policy.patterns import Patterns, like
from policy.resource import NotKnownError, Resource

WORKER: Final = "{worker}"
"""The name of each function that a queue feeds, without `project-stack-` before it."""

PLACES: Final = (
    "{project}, {stack}, {account} and {region} are this run's, {worker} stands for each function"
    " that a queue feeds."
)


def names(graph: Graph, texts: Iterable[str]) -> Patterns:
    """What a parameter lists, its places filled in."""
    key = tuple(texts)

    def compute() -> Patterns:
        return Patterns(fill(text, places) for text in key for places in places_of(graph, text))

    return graph.memo(("names", key), compute)


def places_of(graph: Graph, text: str) -> Iterable[Mapping[str, str]]:
    """What fills the places of a text: once, or once for each worker where it names them."""
    run = graph.memo("places", lambda: _of_run(graph))
    return [{**run, WORKER: worker} for worker in workers(graph)] if WORKER in text else [run]


def fill(text: str, places: Mapping[str, str]) -> str:
    """A text with its places filled in."""
    for place, value in places.items():
        text = text.replace(place, value)
    return text


def fitting(graph: Graph, name: str, pattern: str) -> Iterator[Mapping[str, str]]:
    """What fills the places of a pattern, each time that a name is like it."""
    for places in places_of(graph, pattern):
        if like(name, fill(pattern, places)):
            yield places


def workers(graph: Graph) -> tuple[str, ...]:
    """The names that `{worker}` stands for."""
    return graph.memo("workers", lambda: tuple(sorted(_workers(graph))))


def _of_run(graph: Graph) -> Mapping[str, str]:
    some = next(iter(graph.resources), None)
    return {
        "{project}": some.project if some else "",
        "{stack}": some.stack if some else "",
        "{account}": graph.account or "",
        "{region}": graph.region or "",
    }


def _workers(graph: Graph) -> set[str]:
    found: set[str] = set()
    for mapping in graph.of(tokens.MAPPING):
        try:
            target = graph.target(mapping, "functionName", tokens.FUNCTION)
        except NotKnownError:
            continue
        function = target.resource if target else None
        if function is not None and function.physical_name is not None:
            found.add(_own_part(function, function.physical_name))
    return found


def _own_part(resource: Resource, name: str) -> str:
    return name.removeprefix(f"{resource.project}-{resource.stack}-")
