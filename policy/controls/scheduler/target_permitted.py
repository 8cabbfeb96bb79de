from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.documents import allowing, read
from policy.graph import Graph
from policy.iam.grants import may
from policy.iam.inputs import ROLE_INPUTS
from policy.resource import NotKnownError, Resource


def _check(schedule: Resource, context: Context) -> Judgement:
    graph = context.graph
    role = _role(graph, schedule)
    if role is None:
        yield Violation(path="target.roleArn", found="no role of the program", wanted="a role")
        return
    trusts = allowing(read(role, "assumeRolePolicy"))
    if not any(
        "scheduler.amazonaws.com" in item.services() and item.covers("sts:AssumeRole")
        for item in trusts
    ):
        yield Violation(
            resource=role,
            path="assumeRolePolicy",
            found="scheduler.amazonaws.com may not take it on",
            wanted="Allow sts:AssumeRole to scheduler.amazonaws.com",
        )
    for action, path, token in _NEEDS:
        arn = schedule.text("target", *path) if schedule.known("target", *path) else None
        if not arn or graph.resolve(arn, token) is None or may(graph, role, action, arn):
            continue
        lacks = f"{action} on {arn}"
        yield Violation(resource=role, found=f"{lacks} is not granted", wanted=lacks)


_NEEDS: Final = (
    ("lambda:InvokeFunction", ("arn",), tokens.FUNCTION),
    ("sqs:SendMessage", ("deadLetterConfig", "arn"), tokens.QUEUE),
)


def _role(graph: Graph, schedule: Resource) -> Resource | None:
    if not schedule.known("target", "roleArn"):
        edges = graph.edges(schedule, "target", tokens.ROLE)
        if len(edges) != 1:
            raise NotKnownError(schedule, ("target", "roleArn"))
        return edges[0]
    return graph.resolve(schedule.text("target", "roleArn") or "", tokens.ROLE)


CONTROL = Control(
    id="scheduler-target-permitted",
    title="A schedule's role may invoke its target and keep what failed",
    why="Each turn fails, and if the queue is not allowed either, nothing tells of it.",
    severity=Severity.HIGH,
    fix="Trust scheduler.amazonaws.com and grant the target and the dead-letter queue.",
    sources=("https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html",),
    judges=(tokens.SCHEDULE,),
    reads={
        tokens.SCHEDULE: ("target",),
        **ROLE_INPUTS,
        tokens.ROLE: (*ROLE_INPUTS[tokens.ROLE], "assumeRolePolicy"),
    },
    check=_check,
)
