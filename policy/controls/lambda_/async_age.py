from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource

_MOST: Final = 21_600
_LEAST: Final = 60


def _check(config: Resource, context: Context) -> Judgement:
    age = config.number("maximumEventAgeInSeconds")
    longest = context.number("longest")
    if age is None or age > longest:
        yield Violation(
            path="maximumEventAgeInSeconds",
            found="not set: 6 hours" if age is None else f"{age:g} s",
            wanted=f"at most {longest:g} s",
        )
    elif age < _LEAST:
        yield Violation(
            path="maximumEventAgeInSeconds", found=f"{age:.0f} s", wanted=f"at least {_LEAST} s"
        )
    if config.number("maximumRetryAttempts") not in (0, 1, 2):
        yield Violation(
            path="maximumRetryAttempts",
            found=str(config.number("maximumRetryAttempts")),
            wanted="0, 1 or 2",
        )


CONTROL = Control(
    id="lambda-async-age",
    title="Asynchronous events have a bound on their age",
    why="A command that is worked off six hours late does what nobody wants any more.",
    severity=Severity.MEDIUM,
    fix="Set maximumEventAgeInSeconds to the lifetime of the events, and maximumRetryAttempts.",
    sources=(
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html",
        "https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html",
    ),
    judges=(tokens.INVOKE_CONFIG,),
    reads={tokens.INVOKE_CONFIG: ("maximumEventAgeInSeconds", "maximumRetryAttempts")},
    check=_check,
    parameters=(
        Parameter(
            name="longest",
            default=3600,
            schema={"type": "number", "minimum": 60, "maximum": _MOST},
            why="Seconds after which an event is worth nothing.",
        ),
    ),
)
