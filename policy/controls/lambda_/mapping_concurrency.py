from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource

_LEAST: Final = 2
_MOST: Final = 1000


def _check(mapping: Resource, context: Context) -> Judgement:
    target = context.graph.target(mapping, "eventSourceArn", tokens.QUEUE)
    if target is None or target.resource is None:
        return
    most = mapping.number("scalingConfig", "maximumConcurrency")
    if most is None or not _LEAST <= most <= _MOST:
        yield Violation(
            path="scalingConfig.maximumConcurrency",
            found="none" if most is None else f"{most:g}",
            wanted=f"{_LEAST} to {_MOST}",
        )


CONTROL = Control(
    id="lambda-mapping-concurrency",
    title="A mapping on a queue is bounded in concurrency",
    why="A backlog would take the account's whole concurrency, and a bound on the function itself"
    " throttles batches that then burn their receive count.",
    severity=Severity.MEDIUM,
    fix="Set scalingConfig.maximumConcurrency, at least 2.",
    sources=("https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html",),
    judges=(tokens.MAPPING,),
    reads={tokens.MAPPING: ("scalingConfig", "eventSourceArn")},
    check=_check,
)
