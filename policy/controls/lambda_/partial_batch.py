from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.values import texts


def _check(mapping: Resource, context: Context) -> Judgement:
    target = context.graph.target(mapping, "eventSourceArn", tokens.QUEUE)
    on_queue = target is not None and (
        target.resource is not None or ":sqs:" in (target.value or "")
    )
    if on_queue and "ReportBatchItemFailures" not in texts(mapping.get("functionResponseTypes")):
        yield Violation(
            path="functionResponseTypes", found="none", wanted="ReportBatchItemFailures"
        )


CONTROL = Control(
    id="lambda-partial-batch",
    title="A mapping on a queue takes partial batch responses",
    why="Otherwise one failure hands the whole batch back, and messages that were paid come again.",
    severity=Severity.HIGH,
    fix="Set functionResponseTypes to ReportBatchItemFailures, and answer with batchItemFailures.",
    sources=("https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html",),
    judges=(tokens.MAPPING,),
    reads={tokens.MAPPING: ("functionResponseTypes", "eventSourceArn")},
    check=_check,
)
