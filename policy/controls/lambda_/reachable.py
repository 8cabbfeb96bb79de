from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.functions import async_sources

WAYS = (
    (tokens.MAPPING, "functionName"),
    (tokens.SUBSCRIPTION, "endpoint"),
    (tokens.PERMISSION, "function"),
    (tokens.FUNCTION_URL, "functionName"),
)


def _check(function: Resource, context: Context) -> Judgement:
    graph = context.graph
    if any(graph.pointing(*way, function) for way in WAYS) or any(async_sources(graph, function)):
        return
    for way in WAYS:
        graph.pointing(*way, function, wanted=True)
    yield Violation(
        path="name", found="nothing invokes it", wanted="a mapping, subscription or schedule"
    )


CONTROL = Control(
    id="lambda-reachable",
    title="Something invokes each function",
    why="A worker whose mapping was lost works nothing off, and no error tells of it.",
    severity=Severity.MEDIUM,
    fix="Add the mapping, or delete the function.",
    sources=("https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html",),
    judges=(tokens.FUNCTION,),
    reads={
        tokens.FUNCTION: ("name",),
        tokens.MAPPING: ("functionName",),
        tokens.SUBSCRIPTION: ("endpoint",),
        tokens.PERMISSION: ("function",),
        tokens.SCHEDULE: ("target",),
        tokens.EVENT_TARGET: ("arn",),
        tokens.BUCKET_NOTIFICATION: ("lambdaFunctions",),
    },
    check=_check,
)
