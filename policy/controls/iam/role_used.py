from collections.abc import Iterator
from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.documents import allowing, read
from policy.graph import Graph
from policy.resource import Resource

_USERS: Final = (
    (tokens.FUNCTION, ("role",)),
    (tokens.SCHEDULE, ("target", "roleArn")),
    (tokens.EVENT_TARGET, ("roleArn",)),
)


def _check(role: Resource, context: Context) -> Judgement:
    graph = context.graph
    trusts = list(allowing(read(role, "assumeRolePolicy")))
    services = {name for statement in trusts for name in statement.services()}
    if not services & {"lambda.amazonaws.com", "scheduler.amazonaws.com", "events.amazonaws.com"}:
        return
    if role.urn not in graph.memo("roles used", lambda: {each.urn for each in _used(graph)}):
        yield Violation(
            path="assumeRolePolicy",
            found=f"{', '.join(sorted(services))} may take it on, and nothing names it",
            wanted="a function, schedule or rule that uses the role",
        )


def _used(graph: Graph) -> Iterator[Resource]:
    for token, path in _USERS:
        for user in graph.of(token):
            if not user.known(*path):
                yield from graph.edges(user, path[0], tokens.ROLE)
            elif role := graph.resolve(user.text(*path) or "", tokens.ROLE):
                yield role


CONTROL = Control(
    id="iam-role-used",
    title="A service's role is used by something",
    why="A role that nothing uses is a permission without a reason; or what used it was lost.",
    severity=Severity.MEDIUM,
    fix="Delete the role, or give it to its function, schedule or rule.",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",),
    judges=(tokens.ROLE,),
    reads={
        tokens.ROLE: ("name", "assumeRolePolicy"),
        tokens.FUNCTION: ("role",),
        tokens.SCHEDULE: ("target",),
        tokens.EVENT_TARGET: ("roleArn",),
    },
    check=_check,
)
