"""Resource policies as the controls see them: of queues, topics, keys, repositories and tables."""

from dataclasses import dataclass

from policy import tokens
from policy.documents import Statement, read
from policy.graph import Graph
from policy.resource import Resource


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A statement and the resource and input that hold it."""

    holder: Resource
    path: str
    statement: Statement


def policy_of(graph: Graph, resource: Resource) -> tuple[Placed, ...]:
    """The statements of a resource policy, inline or in a separate resource.

    Raises:
        NotKnownError: a document is not known yet.
    """
    separate = {
        tokens.QUEUE: (tokens.QUEUE_POLICY, "queueUrl"),
        tokens.TOPIC: (tokens.TOPIC_POLICY, "arn"),
        tokens.KEY: (tokens.KEY_POLICY, "keyId"),
        tokens.REPOSITORY: (tokens.REPOSITORY_POLICY, "repository"),
        tokens.TABLE: (tokens.TABLE_POLICY, "resourceArn"),
    }.get(resource.type)
    holders = [resource] if resource.has("policy") else []
    if separate is not None:
        holders += graph.pointing(separate[0], separate[1], resource, wanted=not holders)
    return tuple(placed for holder in holders for placed in placed_in(holder))


def placed_in(holder: Resource) -> tuple[Placed, ...]:
    """The statements of the document in a resource's `policy` input."""
    found = read(holder, "policy") or ()
    return tuple(
        Placed(holder=holder, path=f"policy.{statement.at}", statement=statement)
        for statement in found
    )
