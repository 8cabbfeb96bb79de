from fnmatch import fnmatchcase

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.graph import Graph, Resource
from policy.iam.grants import allowed
from policy.views.names import PLACES, Names, names
from policy.views.queues import policy_of


def _check(topic: Resource, context: Context) -> Judgement:
    graph = context.graph
    name = topic.physical_name or topic.name
    for pattern, listed in context.table("publishers").items():
        if not fnmatchcase(name, pattern):
            continue
        publishers = names(graph, listed)
        wanted = f"publishers: {', '.join(listed)}"
        yield from _by_identity(graph, topic, publishers, wanted)
        for placed in policy_of(graph, topic):
            statement = placed.statement
            if statement.allows and statement.covers("sns:Publish"):
                strangers = [
                    who
                    for who in (*statement.principals.get("AWS", ()), *statement.services())
                    if _short(who) not in publishers
                ]
                if strangers:
                    yield _violation(placed.holder, placed.path, strangers[0], name, wanted)


def _by_identity(graph: Graph, topic: Resource, publishers: Names, wanted: str) -> Judgement:
    name = topic.physical_name or topic.name
    for holder in graph.of(tokens.IDENTITY_DOCUMENT):
        who = _holder(graph, holder)
        for grant in allowed(graph, holder):
            publishes = grant.statement.covers("sns:Publish")
            about = any(
                item == "*" or graph.resolve(item) is topic for item in grant.statement.resources
            )
            if publishes and about and _short(who) not in publishers:
                yield _violation(holder, grant.path, who, name, wanted)


def _short(who: str) -> str:
    return who.rsplit("/", 1)[-1]


def _violation(holder: Resource, path: str, who: str, name: str, wanted: str) -> Violation:
    return Violation(
        resource=holder, path=path, found=f"{who} may publish to {name}", wanted=wanted
    )


def _holder(graph: Graph, holder: Resource) -> str:
    if holder.type == tokens.ROLE_POLICY:
        target = graph.target(holder, "role", tokens.ROLE)
        if target is not None:
            return (target.resource.physical_name if target.resource else target.value) or ""
    return holder.physical_name or holder.name


CONTROL = Control(
    id="sns-topic-publishers",
    title="A topic that steers the system is published to by its own programs only",
    why="Whoever publishes to the control topic stops and starts services.",
    severity=Severity.HIGH,
    fix="Take sns:Publish away from the others.",
    sources=("https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html",),
    judges=(tokens.TOPIC,),
    reads={
        tokens.TOPIC: ("name", "policy"),
        tokens.TOPIC_POLICY: ("policy", "arn"),
        tokens.ROLE_POLICY: ("policy", "role"),
        tokens.ROLE: ("inlinePolicies", "name"),
        tokens.MANAGED_POLICY: ("policy",),
        tokens.IDENTITY_DOCUMENT: ("grants",),
        tokens.MAPPING: ("functionName",),
        tokens.FUNCTION: ("name",),
    },
    check=_check,
    parameters=(
        Parameter(
            name="publishers",
            default={},
            schema={
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
            why="Patterns of roles, components and services that may publish, by a pattern of the"
            f" topic's name; empty judges nothing. {PLACES}",
        ),
    ),
)
