from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.grants import may
from policy.iam.inputs import ROLE_INPUTS
from policy.resource import Resource
from policy.views.callers import arn_of
from policy.views.functions import role_of

_NEEDED: Final = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def _check(mapping: Resource, context: Context) -> Judgement:
    graph = context.graph
    queue = graph.target(mapping, "eventSourceArn", tokens.QUEUE)
    function = graph.target(mapping, "functionName", tokens.FUNCTION)
    if not queue or not queue.resource or not function or not function.resource:
        return
    role = role_of(graph, function.resource)
    if role is None:
        return
    arn = queue.value or arn_of(graph, queue.resource)
    for action in _NEEDED:
        if not may(graph, role, action, arn):
            yield Violation(
                resource=role,
                found=f"{action} on {queue.resource.name} is not granted",
                wanted=f"{', '.join(_NEEDED)} for the role that Lambda polls under",
            )


CONTROL = Control(
    id="lambda-mapping-permitted",
    title="A function's role may read the queue that feeds it",
    why="Lambda polls under the function's role; without it the mapping cannot be made, or stops.",
    severity=Severity.HIGH,
    fix="Grant sqs:ReceiveMessage, sqs:DeleteMessage and sqs:GetQueueAttributes on the queue.",
    sources=(
        "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaSQSQueueExecutionRole.html",
    ),
    judges=(tokens.MAPPING,),
    reads={
        tokens.MAPPING: ("eventSourceArn", "functionName"),
        tokens.FUNCTION: ("role", "name"),
        **ROLE_INPUTS,
        tokens.QUEUE: ("name",),
    },
    check=_check,
)
