import json

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(schedule: Resource, context: Context) -> Judgement:
    graph = context.graph
    if schedule.mapping("target") and not schedule.known("target", "arn"):
        return
    if graph.resolve(schedule.text("target", "arn") or "") is None:
        yield Violation(
            path="target.arn",
            found=schedule.text("target", "arn") or "none",
            wanted="a resource of the program",
        )
    if not schedule.known("target", "input"):
        return
    text = schedule.text("target", "input")
    try:
        json.loads(text or "")
    except ValueError:
        yield Violation(path="target.input", found=text or "none", wanted="JSON, chosen")


CONTROL = Control(
    id="scheduler-target",
    title="A schedule sends its target something that it understands",
    why="Without an input Scheduler sends a notification of its own, which no target here reads.",
    severity=Severity.MEDIUM,
    fix="Set target.arn to a resource of the program and target.input to JSON.",
    sources=(
        "https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html",
        "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html",
    ),
    judges=(tokens.SCHEDULE,),
    reads={tokens.SCHEDULE: ("target",), tokens.FUNCTION: ("name",)},
    check=_check,
)
