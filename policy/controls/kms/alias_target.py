from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.graph import Graph
from policy.resource import NotKnownError, Resource


def _check(alias: Resource, context: Context) -> Judgement:
    target = context.graph.target(alias, "targetKeyId", tokens.KEY)
    if target is None or target.resource is None:
        yield Violation(
            path="targetKeyId",
            found=(target.value if target else None) or "none",
            wanted="a key of the program",
        )
        return
    others = [
        other.name
        for other in context.graph.of(tokens.KEY_ALIAS)
        if other is not alias and _stands_for(context.graph, other, target.resource)
    ]
    if others:
        yield Violation(
            path="targetKeyId",
            found=f"the key of {', '.join(others)} too",
            wanted="a key of its own",
        )


def _stands_for(graph: Graph, alias: Resource, key: Resource) -> bool:
    try:
        target = graph.target(alias, "targetKeyId", tokens.KEY)
    except NotKnownError:
        return False
    return target is not None and target.resource is key


CONTROL = Control(
    id="kms-alias-target",
    title="An alias stands for a key of the program, and for one that no other alias has",
    why="What names an alias uses whatever it points to; a grant by one name would hold for both.",
    severity=Severity.HIGH,
    fix="Set targetKeyId to the key's id.",
    sources=(
        "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html",
        "https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html",
    ),
    judges=(tokens.KEY_ALIAS,),
    reads={tokens.KEY_ALIAS: ("targetKeyId",)},
    check=_check,
)
