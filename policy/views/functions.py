"""Functions as the controls see them: role, log group, and every way in."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policy import tokens
from policy.graph import Graph, NotKnownError, Resource


def role_of(graph: Graph, function: Resource) -> Resource | None:
    """The function's role, None where it stands outside of the program.

    Raises:
        NotKnownError: neither the value nor the edges name the role.
    """
    target = graph.target(function, "role", tokens.ROLE)
    return target.resource if target else None


def roles_in_use(graph: Graph) -> dict[str, list[Resource]]:
    """The functions of each role, by the role's URN; unknown ones are left out."""

    def collect() -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for function in graph.of(tokens.FUNCTION):
            try:
                role = role_of(graph, function)
            except NotKnownError:
                continue
            if role is not None:
                found.setdefault(role.urn, []).append(function)
        return found

    return graph.memo("roles in use", collect)


def mappings_of(graph: Graph, function: Resource) -> tuple[Resource, ...]:
    """The event source mappings that feed a function."""
    return graph.pointing(tokens.MAPPING, "functionName", function)


@dataclass(frozen=True, kw_only=True)
class AsyncSource:
    """Something that invokes a function without waiting for its answer."""

    kind: str
    resource: Resource


def async_sources(graph: Graph, function: Resource) -> Iterator[AsyncSource]:
    """Topics and schedules that invoke a function asynchronously."""
    for subscription in graph.pointing(tokens.SUBSCRIPTION, "endpoint", function):
        yield AsyncSource(kind="topic", resource=subscription)
    for schedule in _schedules(graph).get(function.urn, ()):
        yield AsyncSource(kind="schedule", resource=schedule)


def _schedules(graph: Graph) -> Mapping[str, Sequence[Resource]]:
    def index() -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for schedule in graph.of(tokens.SCHEDULE):
            target = schedule_target(graph, schedule)
            if target is not None:
                found[target.urn].append(schedule)
        return found

    return graph.memo("schedules of functions", index)


def schedule_target(graph: Graph, schedule: Resource) -> Resource | None:
    """The function that a schedule invokes, None for anything else."""
    if not schedule.known("target", "arn"):
        edges = graph.edges(schedule, "target", tokens.FUNCTION)
        return edges[0] if len(edges) == 1 else None
    arn = schedule.text("target", "arn")
    return graph.resolve(arn, tokens.FUNCTION) if arn else None


def is_image(function: Resource) -> bool:
    """Whether the function's code is a container image."""
    return function.text("packageType") == "Image" or function.has("imageUri")


def log_group_name(function: Resource) -> str | None:
    """The log group that the function writes to."""
    own = function.text("loggingConfig", "logGroup")
    name = function.physical_name
    return own or (f"/aws/lambda/{name}" if name else None)
