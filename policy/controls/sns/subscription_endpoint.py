from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Undecided, Violation
from policy.patterns import like
from policy.resource import Resource

_TYPES: Final = {"sqs": tokens.QUEUE, "lambda": tokens.FUNCTION}
_SHAPES: Final = {
    "sqs": "arn:*:sqs:*",
    "lambda": "arn:*:lambda:*",
    "firehose": "arn:*:firehose:*",
    "http": "http://*",
    "https": "https://*",
    "email": "*@*",
    "email-json": "*@*",
    "sms": "+*",
    "application": "arn:*:sns:*:endpoint/*",
}


def _check(subscription: Resource, context: Context) -> Judgement:
    protocol = subscription.text("protocol") or ""
    if protocol not in _SHAPES:
        yield Violation(
            path="protocol", found=protocol or "none", wanted=f"one of {', '.join(_SHAPES)}"
        )
    elif not subscription.known("endpoint"):
        yield from _by_edges(subscription, context, protocol)
    else:
        endpoint = subscription.text("endpoint") or "none"
        wild = protocol in _TYPES and "*" in endpoint
        if wild or not like(endpoint, _SHAPES[protocol]):
            yield Violation(path="endpoint", found=endpoint, wanted=_SHAPES[protocol])
    if protocol == "http":
        yield Violation(path="protocol", found="http", wanted="https")


def _by_edges(subscription: Resource, context: Context, protocol: str) -> Judgement:
    wanted = _TYPES.get(protocol)
    edges = context.graph.edges(subscription, "endpoint")
    if wanted is None or not edges:
        yield Undecided(path="endpoint")
    elif all(item.type != wanted for item in edges):
        yield Violation(path="endpoint", found=edges[0].type, wanted=wanted)


CONTROL = Control(
    id="sns-subscription-endpoint",
    title="A subscription's endpoint is of its protocol, and not plain HTTP",
    why="SNS refuses the pair, or delivers in the clear.",
    severity=Severity.HIGH,
    fix="Give the ARN of a queue to sqs, of a function to lambda, a URL to https.",
    sources=(
        "cfn-lint W3694",
        "https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html",
    ),
    judges=(tokens.SUBSCRIPTION,),
    reads={tokens.SUBSCRIPTION: ("protocol", "endpoint")},
    check=_check,
)
