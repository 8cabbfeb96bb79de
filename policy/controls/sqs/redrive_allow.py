from collections.abc import Sequence
from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.graph import Graph
from policy.resource import Resource
from policy.values import texts
from policy.views.queues import sources

_MOST_SOURCES: Final = 10


def _check(queue: Resource, context: Context) -> Judgement:
    graph = context.graph
    users = sources(graph, queue)
    if not users and not context.flag("everywhere"):
        return
    holders = [queue] if queue.has("redriveAllowPolicy") else []
    holders += graph.pointing(tokens.QUEUE_REDRIVE_ALLOW, "queueUrl", queue)
    if not holders:
        yield Violation(
            path="redriveAllowPolicy",
            found="none: every queue of the account may redrive here",
            wanted="byQueue with the sources, or denyAll",
        )
    for holder in holders:
        yield from _judge(holder, [item.resource for item in users if item.kind == "queue"], graph)


def _judge(holder: Resource, feeding: Sequence[Resource], graph: Graph) -> Judgement:
    document = holder.document("redriveAllowPolicy") or {}
    permission = document.get("redrivePermission")
    if len(texts(document.get("sourceQueueArns"))) > _MOST_SOURCES:
        yield Violation(
            resource=holder,
            path="redriveAllowPolicy",
            found=f"{len(texts(document.get('sourceQueueArns')))} sources",
            wanted=f"at most {_MOST_SOURCES}, and a second dead-letter queue for the others",
        )
    named_sources = {graph.resolve(arn) for arn in texts(document.get("sourceQueueArns"))}
    if permission not in ("byQueue", "denyAll") or set(feeding) != named_sources - {None}:
        yield Violation(
            resource=holder,
            path="redriveAllowPolicy",
            found=f"{permission} {', '.join(texts(document.get('sourceQueueArns')))}".strip(),
            wanted=f"byQueue {', '.join(item.name for item in feeding)}" if feeding else "denyAll",
        )


CONTROL = Control(
    id="sqs-redrive-allow",
    title="A queue takes the dead letters of its sources only",
    why="By default every queue of the account may use it, and its letters would be mixed up with"
    " those of others; a source that is left out cannot be created.",
    severity=Severity.MEDIUM,
    fix="Set redriveAllowPolicy to byQueue with the source queues, to denyAll without any.",
    sources=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
    ),
    judges=(tokens.QUEUE,),
    reads={
        tokens.QUEUE: ("redriveAllowPolicy", "redrivePolicy", "name"),
        tokens.QUEUE_REDRIVE: ("redrivePolicy", "queueUrl"),
        tokens.QUEUE_REDRIVE_ALLOW: ("redriveAllowPolicy", "queueUrl"),
        tokens.SUBSCRIPTION: ("redrivePolicy",),
        tokens.INVOKE_CONFIG: ("destinationConfig",),
        tokens.SCHEDULE: ("target",),
    },
    check=_check,
    parameters=(
        Parameter(
            name="everywhere",
            default=False,
            schema={"type": "boolean"},
            why="Whether a queue that takes nobody's dead letters has to say so (denyAll).",
        ),
    ),
)
