"""Who may act on what steers the system: those that a parameter lists, and nobody else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from policy import tokens
from policy.control import Context, Judgement, Parameter, Violation
from policy.documents import Statement
from policy.graph import Graph
from policy.iam.each import open_grants
from policy.iam.grants import allowed, holders_of
from policy.iam.inputs import ROLE_INPUTS
from policy.patterns import Patterns
from policy.resource import Resource
from policy.views.callers import arn_of
from policy.views.names import PLACES, fitting, names
from policy.views.policies import policy_of

IDENTITY_INPUTS: Final = {
    **ROLE_INPUTS,
    tokens.MAPPING: ("functionName",),
    tokens.FUNCTION: ("name",),
}
"""What says who may do what, and whom `{worker}` stands for."""


def listing(name: str, why: str) -> Parameter:
    """The parameter that lists callers by a pattern of the resource's name."""
    return Parameter(
        name=name,
        default={},
        schema={
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        why=f"{why}; empty judges nothing. {PLACES}",
    )


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One line of the parameter: who may act on a resource.

    Attributes:
        may: what it is that they may, for reports.
    """

    resource: Resource
    names: Patterns
    may: str
    wanted: str

    def stranger(self, who: str, holder: Resource, path: str) -> Judgement:
        """A violation where a caller is not listed, by the last part of its ARN."""
        if who.rsplit("/", 1)[-1] not in self.names:
            name = self.resource.physical_name or self.resource.name
            yield Violation(
                resource=holder,
                path=path,
                found=f"{who} may {self.may} {name}",
                wanted=self.wanted,
            )


def lists(resource: Resource, context: Context, parameter: str, may: str) -> Iterator[Listed]:
    """The lines of the parameter that are about a resource."""
    name = resource.physical_name or resource.name
    for pattern, texts in context.table(parameter).items():
        if any(fitting(context.graph, name, pattern)):
            yield Listed(
                resource=resource,
                names=names(context.graph, texts),
                may=may,
                wanted=f"{parameter}: {', '.join(texts)}",
            )


def by_identity(graph: Graph, listed: Listed, actions: Sequence[str]) -> Judgement:
    """A violation for everybody who is granted one of the actions and is not listed."""
    for document in graph.of(tokens.IDENTITY_DOCUMENT):
        yield from open_grants(graph, document)
        for grant in allowed(graph, document):
            if _gives(graph, grant.statement, actions, listed.resource):
                for who in holders_of(graph, document):
                    yield from listed.stranger(who, document, grant.path)


def by_policy(graph: Graph, listed: Listed, actions: Sequence[str]) -> Judgement:
    """A violation for everybody whom the resource's own policy lets act and who is not listed."""
    for placed in policy_of(graph, listed.resource):
        statement = placed.statement
        if statement.allows and any(statement.covers(action) for action in actions):
            for who in (*statement.principals.get("AWS", ()), *statement.services()):
                yield from listed.stranger(who, placed.holder, placed.path)


def _gives(graph: Graph, statement: Statement, actions: Sequence[str], to: Resource) -> bool:
    return any(statement.covers(action) for action in actions) and (
        statement.about(arn_of(graph, to))
        or any(graph.resolve(text) is to for text in statement.resources)
    )
