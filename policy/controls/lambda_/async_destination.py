from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.functions import async_sources


def _check(function: Resource, context: Context) -> Judgement:
    graph = context.graph
    incoming = list(async_sources(graph, function))
    if not incoming or _delivers(function, "deadLetterConfig", "targetArn"):
        return
    configs = graph.pointing(tokens.INVOKE_CONFIG, "functionName", function, wanted=True)
    if not any(
        _delivers(item, "destinationConfig", "onFailure", "destination") for item in configs
    ):
        yield Violation(
            path="deadLetterConfig",
            found=f"invoked asynchronously by {', '.join(item.resource.name for item in incoming)}"
            " and failures go nowhere",
            wanted="a FunctionEventInvokeConfig with destinationConfig.onFailure, to no FIFO queue",
        )


def _delivers(holder: Resource, *path: str) -> bool:
    """Whether Lambda takes its failures there: to no FIFO queue or topic."""
    if not holder.known(*path):
        return True
    arn = holder.text(*path) or ""
    return bool(arn) and not arn.endswith(".fifo")


CONTROL = Control(
    id="lambda-async-destination",
    title="A function that is invoked asynchronously keeps the events it fails on",
    why="Lambda retries twice and drops the event; to a FIFO queue or topic it delivers none.",
    severity=Severity.HIGH,
    fix="Add an on-failure destination for whatever a topic or schedule sends.",
    sources=(
        "cdk-nag Serverless-LambdaAsyncFailureDestination",
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
        "https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={
        tokens.FUNCTION: ("deadLetterConfig", "name"),
        tokens.INVOKE_CONFIG: ("functionName", "destinationConfig"),
        tokens.SUBSCRIPTION: ("endpoint",),
        tokens.SCHEDULE: ("target",),
    },
    check=_check,
)
