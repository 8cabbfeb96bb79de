from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(schedule: Resource, context: Context) -> Judgement:
    del context
    path = ("target", "deadLetterConfig", "arn")
    # A queue that is not known yet is one.
    if schedule.mapping("target") and not schedule.known(*path):
        return
    arn = schedule.text(*path) or ""
    if not arn or arn.endswith(".fifo"):
        yield Violation(path=".".join(path), found=arn or "none", wanted="a standard queue")


CONTROL = Control(
    id="scheduler-dead-letter-queue",
    title="A schedule keeps the invocations that failed",
    why="Scheduler drops them after its retries, and nobody hears that the clock stands still; to a"
    " FIFO queue it delivers none.",
    severity=Severity.MEDIUM,
    fix="Set target.deadLetterConfig to a standard queue.",
    sources=(
        "https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html",
    ),
    judges=(tokens.SCHEDULE,),
    reads={tokens.SCHEDULE: ("target",)},
    check=_check,
)
