from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(mapping: Resource, context: Context) -> Judgement:
    for name in ("eventSourceArn", "functionName"):
        if name == "eventSourceArn" and mapping.has("selfManagedEventSource"):
            continue
        target = context.graph.target(mapping, name)
        if target is None or "*" in (target.value or ""):
            yield Violation(
                path=name, found=(target.value if target else None) or "none", wanted="one resource"
            )


CONTROL = Control(
    id="lambda-mapping-source",
    title="A mapping connects one source and one function",
    why="Without them nothing is worked off.",
    severity=Severity.HIGH,
    fix="Set eventSourceArn and functionName.",
    sources=("https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html",),
    judges=(tokens.MAPPING,),
    reads={tokens.MAPPING: ("eventSourceArn", "functionName")},
    check=_check,
)
