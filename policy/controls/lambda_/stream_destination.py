from typing import Final

from policy import tokens
from policy.arns import parse_arn
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource

_STREAMS: Final = ("kinesis", "dynamodb", "kafka")


def _check(mapping: Resource, context: Context) -> Judgement:
    del context
    if not mapping.has("eventSourceArn") and not mapping.has("selfManagedEventSource"):
        return
    if not mapping.known("eventSourceArn"):
        if mapping.has("startingPosition") and not mapping.has("destinationConfig"):
            yield _violation("a stream")
        return
    arn = parse_arn(mapping.text("eventSourceArn") or "")
    streams = arn is None or any(arn.service.startswith(name) for name in _STREAMS)
    if streams and not mapping.has("destinationConfig"):
        yield _violation(arn.service if arn else "Kafka")


def _violation(source: str) -> Violation:
    return Violation(
        path="destinationConfig", found=f"none, reads {source}", wanted="an on-failure destination"
    )


CONTROL = Control(
    id="lambda-stream-destination",
    title="A mapping on a stream keeps what fails",
    why="A bad record blocks its shard until it expires, and then it is lost.",
    severity=Severity.MEDIUM,
    fix="Set destinationConfig.onFailure. A queue has its own dead-letter queue instead.",
    sources=(
        "cdk-nag Serverless-LambdaEventSourceMappingDestination",
        "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html",
    ),
    judges=(tokens.MAPPING,),
    reads={tokens.MAPPING: ("eventSourceArn", "destinationConfig", "startingPosition")},
    check=_check,
)
