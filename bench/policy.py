"""How long the pack takes: the system's own graph, and a thousand resources, in this process.

python -m bench.policy
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from local.policy_check import graph_of
from local.recording import record
from policy.command import CONFIG, read_settings
from policy.controls import catalogue
from policy.graph import Graph, Resource
from policy.run import check
from policy.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
WANTED = 1000
STACK = "dev"


def several(graph: Graph, count: int) -> Graph:
    """The program over and over, each copy under names of its own, at least `count` resources."""
    made: list[Resource] = []
    number = 0
    while len(made) < count:
        made += [_renamed(resource, number) for resource in graph.resources]
        number += 1
    return Graph(made)


def _renamed(resource: Resource, number: int) -> Resource:
    def renamed(value: object) -> object:
        if isinstance(value, str):
            return value.replace(f"-{STACK}", f"-{STACK}{number}")
        if isinstance(value, dict):
            return {key: renamed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [renamed(item) for item in value]
        return value

    return replace(
        resource,
        urn=f"{resource.urn}{number}",
        inputs={key: renamed(value) for key, value in resource.inputs.items()},
        edges={
            key: tuple(f"{urn}{number}" for urn in urns) for key, urns in resource.edges.items()
        },
        parent=f"{resource.parent}{number}" if resource.parent else None,
    )


def seconds(work: Callable[[], object]) -> float:
    """The seconds that some work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def judged(graph: Graph, settings: Settings) -> None:
    """Everything that a run does with a graph that was not looked at before."""
    fresh = Graph(replace(resource) for resource in graph.resources)
    check(fresh, catalogue(), settings, dt.datetime.now(tz=dt.UTC).date())


def main() -> None:
    """Measure and print."""
    loading = seconds(catalogue)
    settings = read_settings(ROOT / CONFIG)
    recordings: list[Graph] = []
    recording = seconds(lambda: recordings.append(graph_of(record(STACK, ROOT))))
    graph = recordings[0]
    thousand = several(graph, WANTED)
    whole = seconds(lambda: judged(graph, settings))
    large = seconds(lambda: judged(thousand, settings))
    print(f"load {len(catalogue())} controls        {loading:6.2f} s")
    print(f"first preview of {STACK}        {recording:6.2f} s")
    print(f"judge {len(graph.resources):5} resources      {whole:6.2f} s")
    print(f"judge {len(thousand.resources):5} resources      {large:6.2f} s")


if __name__ == "__main__":
    main()
