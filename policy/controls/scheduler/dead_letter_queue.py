from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(schedule: Resource, context: Context) -> Judgement:
    del context
    target = schedule.mapping("target")
    # A queue that is not known yet is one.
    if target and not schedule.known("target", "deadLetterConfig", "arn"):
        return
    if not schedule.text("target", "deadLetterConfig", "arn"):
        yield Violation(path="target.deadLetterConfig.arn", found="none", wanted="a queue")


CONTROL = Control(
    id="scheduler-dead-letter-queue",
    title="A schedule keeps the invocations that failed",
    why="Scheduler drops them after its retries, and nobody hears that the clock stands still.",
    severity=Severity.MEDIUM,
    fix="Set target.deadLetterConfig.",
    sources=(
        "https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html",
    ),
    judges=(tokens.SCHEDULE,),
    reads={tokens.SCHEDULE: ("target",)},
    check=_check,
)
