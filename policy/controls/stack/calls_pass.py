from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.evaluate import allowed_by, denied
from policy.resource import Resource
from policy.views.callers import Call, role_calls, service_calls
from policy.views.policies import policy_of


def _check(resource: Resource, context: Context) -> Judgement:
    graph = context.graph
    statements = [placed.statement for placed in policy_of(graph, resource)]
    if not statements:
        return
    for call in service_calls(graph, resource):
        if not allowed_by(statements, call.request):
            yield _violation(call, "may not")
    for call in role_calls(graph, resource):
        if denied(statements, call.request):
            yield _violation(call, "is granted it, and denied")


def _violation(call: Call, how: str) -> Violation:
    return Violation(
        path="policy",
        found=f"{call.request.action} by {call.who}: {how}",
        wanted="a policy that lets through what the program is made to do",
    )


CONTROL = Control(
    id="stack-calls-pass",
    title="A resource policy lets through what the program is made to do",
    why="Whoever is granted a call and denied it by the queue or topic finds out in production;"
    " of SNS and CloudWatch only a metric and an alarm's history tell.",
    severity=Severity.HIGH,
    fix="Name the role in the denial's exceptions, or allow the service for its source.",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    ),
    judges=(tokens.QUEUE, tokens.TOPIC),
    reads={
        tokens.QUEUE: ("policy", "name"),
        tokens.QUEUE_POLICY: ("policy", "queueUrl"),
        tokens.TOPIC: ("policy", "name"),
        tokens.TOPIC_POLICY: ("policy", "arn"),
        tokens.SUBSCRIPTION: ("topic", "endpoint", "redrivePolicy"),
        tokens.ALARM: ("alarmActions", "name"),
        tokens.ROLE: ("name", "inlinePolicies"),
        tokens.ROLE_POLICY: ("policy", "role"),
    },
    check=_check,
)
