from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource

_LEAST: Final = 60
_TRIES: Final = 185
_DAY: Final = 86_400


def _check(schedule: Resource, context: Context) -> Judgement:
    age = schedule.number("target", "retryPolicy", "maximumEventAgeInSeconds")
    tries = schedule.number("target", "retryPolicy", "maximumRetryAttempts")
    longest = context.number("longest")
    if age is None or tries is None or not _LEAST <= age <= longest or not 0 <= tries <= _TRIES:
        yield Violation(
            path="target.retryPolicy",
            found=f"{tries if tries is not None else 185} tries over {age or _DAY:.0f} s",
            wanted=f"an age of {_LEAST} to {longest:.0f} s and up to {_TRIES} tries, chosen",
        )


CONTROL = Control(
    id="scheduler-retry",
    title="A schedule's retries are bounded",
    why="By default a turn that failed comes again for a day, beside all later turns.",
    severity=Severity.MEDIUM,
    fix="Set retryPolicy.maximumEventAgeInSeconds and maximumRetryAttempts.",
    sources=(
        "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html",
        "https://www.pulumi.com/registry/packages/aws/api-docs/scheduler/schedule/",
    ),
    judges=(tokens.SCHEDULE,),
    reads={tokens.SCHEDULE: ("target",)},
    check=_check,
    parameters=(
        Parameter(
            name="longest",
            default=3600,
            schema={"type": "number", "minimum": 60, "maximum": 86400},
            why="Seconds after which a turn is worth nothing.",
        ),
    ),
)
