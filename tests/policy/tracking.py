"""What each control reads of a graph, so that a mutant is shown to those alone that can see it.

A check is a pure function of the graph. One that does not read an input on the whole graph says the
same when that input is changed, so it need not be run again; one that reads it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from policy.control import Control
from policy.graph import Graph
from policy.judge import judge
from policy.resource import Resource

Json = Any  # any value of JSON

NAME: Final = "name"
EXISTENCE: Final = "(exists)"

Read = tuple[str, str]
"""URN or type, and the input."""


class Watched(dict[str, Any]):
    """A mapping of one resource that writes down which keys are read."""

    def __init__(self, urn: str, content: Mapping[str, Any], log: set[Read]) -> None:
        super().__init__(content)
        self._urn = urn
        self._log = log

    def __getitem__(self, key: str) -> Json:
        self._log.add((self._urn, key))
        return super().__getitem__(key)

    def get(self, key: str, default: Json = None) -> Json:
        self._log.add((self._urn, key))
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self._log.add((self._urn, str(key)))
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self._log.update((self._urn, key) for key in list(super().keys()))
        return super().__iter__()

    def items(self) -> Json:
        self._log.update((self._urn, key) for key in list(super().keys()))
        return super().items()


class WatchedGraph(Graph):
    """A graph that writes down what is read of it, beginning when it is made."""

    def __init__(self, graph: Graph) -> None:
        self.log: set[Read] = set()
        super().__init__(
            replace(
                resource,
                inputs=Watched(resource.urn, resource.inputs, self.log),
                edges=Watched(resource.urn, resource.edges, self.log),
            )
            for resource in graph.resources
        )
        self.log.clear()

    def of(self, *tokens: str) -> tuple[Resource, ...]:
        self.log.update((token, EXISTENCE) for token in tokens)
        return super().of(*tokens)

    def called(self, token: str, name: str) -> Resource | None:
        self.log.add((token, NAME))
        self.log.add((token, EXISTENCE))
        return super().called(token, name)


def reads(control: Control, graph: Graph, parameters: Mapping[str, object]) -> set[Read]:
    """Everything that a control reads of a graph."""
    watched = WatchedGraph(graph)
    # Which account and region are ours follows from all ARNs together; whoever uses the log has to
    # see to it that these are the same, or every control would read every input.
    _ = watched.account, watched.region
    watched.log.clear()
    judge(control, watched, parameters)
    return watched.log
