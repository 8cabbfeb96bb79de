"""Functions as the controls see them: role, log group, and every way in."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policy import tokens
from policy.graph import Graph
from policy.resource import NotKnownError, Resource


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


@dataclass(frozen=True, kw_only=True)
class AsyncSource:
    """Something that invokes a function without waiting for its answer."""

    kind: str
    resource: Resource


def async_sources(graph: Graph, function: Resource) -> Iterator[AsyncSource]:
    """Topics, schedules, event rules and buckets that invoke a function asynchronously."""
    for subscription in graph.pointing(tokens.SUBSCRIPTION, "endpoint", function):
        yield AsyncSource(kind="topic", resource=subscription)
    yield from graph.memo("asynchronous", lambda: _by_function(graph)).get(function.urn, ())


def _by_function(graph: Graph) -> Mapping[str, Sequence[AsyncSource]]:
    found: dict[str, list[AsyncSource]] = defaultdict(list)
    for schedule in graph.of(tokens.SCHEDULE):
        if target := schedule_target(graph, schedule):
            found[target.urn].append(AsyncSource(kind="schedule", resource=schedule))
    for rule in graph.of(tokens.EVENT_TARGET):
        if target := _one(graph, rule, "arn"):
            found[target.urn].append(AsyncSource(kind="event rule", resource=rule))
    for bucket in graph.of(tokens.BUCKET_NOTIFICATION):
        for target in _notified(graph, bucket):
            found[target.urn].append(AsyncSource(kind="bucket", resource=bucket))
    return found


def _one(graph: Graph, resource: Resource, name: str) -> Resource | None:
    try:
        target = graph.target(resource, name, tokens.FUNCTION)
    except NotKnownError:
        return None
    return target.resource if target else None


def _notified(graph: Graph, bucket: Resource) -> Iterator[Resource]:
    """The functions that a bucket tells of its objects."""
    if not bucket.known("lambdaFunctions"):
        yield from graph.edges(bucket, "lambdaFunctions", tokens.FUNCTION)
        return
    for index in range(len(bucket.items("lambdaFunctions"))):
        path = ("lambdaFunctions", index, "lambdaFunctionArn")
        if not bucket.known(*path):
            yield from graph.edges(bucket, "lambdaFunctions", tokens.FUNCTION)
            return
        found = graph.resolve(bucket.text(*path) or "", tokens.FUNCTION)
        if found is not None:
            yield found


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


def log_group(graph: Graph, function: Resource) -> Resource | None:
    """The log group of the program that the function writes to.

    Raises:
        NotKnownError: the group's name is not known yet, and no edge says which it is.
    """
    if not function.known("loggingConfig", "logGroup"):
        made_from = graph.edges(function, "loggingConfig", tokens.LOG_GROUP)
        if len(made_from) != 1:
            raise NotKnownError(function, ("loggingConfig", "logGroup"))
        return made_from[0]
    own = function.text("loggingConfig", "logGroup")
    if own is not None:
        return graph.called(tokens.LOG_GROUP, own)
    if function.physical_name is not None:
        return graph.called(tokens.LOG_GROUP, f"/aws/lambda/{function.physical_name}")
    if function.has("name"):
        raise NotKnownError(function, ("name",))
    # A name that Pulumi makes up can be had from the function only, and leaves an edge.
    groups = graph.of(tokens.LOG_GROUP)
    return next((item for item in groups if function in graph.edges(item, "name")), None)
