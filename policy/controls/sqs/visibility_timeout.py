from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource

_LAMBDA_DEFAULT: Final = 3
_SQS_DEFAULT: Final = 30
_MOST: Final = 43_200


def _check(mapping: Resource, context: Context) -> Judgement:
    graph = context.graph
    queue = graph.target(mapping, "eventSourceArn", tokens.QUEUE)
    function = graph.target(mapping, "functionName", tokens.FUNCTION)
    if not queue or not queue.resource or not function or not function.resource:
        return
    timeout = function.resource.number("timeout") or _LAMBDA_DEFAULT
    window = mapping.number("maximumBatchingWindowInSeconds") or 0
    given = queue.resource.number("visibilityTimeoutSeconds")
    visibility = _SQS_DEFAULT if given is None else given
    wanted = context.number("times") * timeout + window
    if visibility > _MOST:
        yield Violation(
            resource=queue.resource,
            path="visibilityTimeoutSeconds",
            found=f"{visibility:.0f} s",
            wanted=f"at most {_MOST} s",
        )
    if visibility < wanted:
        yield Violation(
            resource=queue.resource,
            path="visibilityTimeoutSeconds",
            found=f"{visibility:g} s, the function {function.resource.name} runs {timeout:g} s",
            wanted=f"at least {wanted:g} s",
        )


CONTROL = Control(
    id="sqs-visibility-timeout",
    title="A message stays hidden for six times the function's timeout",
    why="A throttled batch is retried by Lambda itself; if the messages come back before it is"
    " done, they are worked twice and their receive count burns.",
    severity=Severity.HIGH,
    fix="Set visibilityTimeoutSeconds to 6 times the timeout, plus the batching window.",
    sources=(
        "cdk-nag LambdaEventSourceSQSVisibilityTimeout",
        "cfn-lint E3505",
        "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    ),
    judges=(tokens.MAPPING,),
    reads={
        tokens.MAPPING: ("eventSourceArn", "functionName", "maximumBatchingWindowInSeconds"),
        tokens.QUEUE: ("visibilityTimeoutSeconds", "name"),
        tokens.FUNCTION: ("timeout", "name"),
    },
    check=_check,
    parameters=(
        Parameter(
            name="times",
            default=6,
            schema={"type": "number", "minimum": 1},
            why="How many timeouts a message stays hidden.",
        ),
    ),
)
