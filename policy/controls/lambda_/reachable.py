from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.functions import async_sources


def _check(function: Resource, context: Context) -> Judgement:
    graph = context.graph
    ways = (
        graph.pointing(tokens.MAPPING, "functionName", function)
        or graph.pointing(tokens.SUBSCRIPTION, "endpoint", function)
        or graph.pointing(tokens.PERMISSION, "function", function)
        or graph.pointing(tokens.FUNCTION_URL, "functionName", function)
    )
    if not ways and not any(async_sources(graph, function)):
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
