import re
from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource

_RATE: Final = re.compile(r"(?:rate|cron|at)\(.+\)")


def _check(schedule: Resource, context: Context) -> Judgement:
    del context
    if schedule.text("state") == "DISABLED":
        yield Violation(path="state", found="DISABLED", wanted="ENABLED")
    expression = schedule.text("scheduleExpression") or ""
    if not _RATE.fullmatch(expression):
        yield Violation(
            path="scheduleExpression", found=expression or "none", wanted="rate(…) or cron(…)"
        )
    if not schedule.has("flexibleTimeWindow"):
        yield Violation(path="flexibleTimeWindow", found="none", wanted="a mode")


CONTROL = Control(
    id="scheduler-enabled",
    title="A schedule runs",
    why="What it repairs stays broken.",
    severity=Severity.MEDIUM,
    fix="Leave state out and give a rate.",
    sources=("https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html",),
    judges=(tokens.SCHEDULE,),
    reads={tokens.SCHEDULE: ("state", "scheduleExpression", "flexibleTimeWindow")},
    check=_check,
)
