from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.graph import Resource


def _check(schedule: Resource, context: Context) -> Judgement:
    del context
    age = schedule.number("target", "retryPolicy", "maximumEventAgeInSeconds")
    tries = schedule.number("target", "retryPolicy", "maximumRetryAttempts")
    if age is None or tries is None:
        yield Violation(
            path="target.retryPolicy",
            found="185 tries over 24 hours",
            wanted="an age and a number of tries, chosen",
        )


CONTROL = Control(
    id="scheduler-retry",
    title="A schedule's retries are bounded",
    why="By default a turn that failed comes again for a day, beside all later turns.",
    severity=Severity.MEDIUM,
    fix="Set retryPolicy.maximumEventAgeInSeconds and maximumRetryAttempts.",
    sources=("https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html",),
    judges=(tokens.SCHEDULE,),
    reads={tokens.SCHEDULE: ("target",)},
    check=_check,
)
