from collections.abc import Mapping
from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource
from policy.views.queues import retention

_DAY: Final = 86_400
_MOST_DAYS: Final = 14


def _check(queue: Resource, context: Context) -> Judgement:
    if queue.stack in context.words("disposable"):
        return
    kept, wanted = retention(queue), context.number("days") * _DAY
    if kept > _MOST_DAYS * _DAY:
        yield Violation(
            path="messageRetentionSeconds", found="over 14 days", wanted="at most 1209600 s"
        )
    if kept < wanted:
        yield Violation(
            path="messageRetentionSeconds", found=f"{kept:.0f} s", wanted=f"at least {wanted:.0f} s"
        )


def _remedy(inputs: Mapping[str, object], _context: Context) -> Mapping[str, object]:
    return {**inputs, "messageRetentionSeconds": _MOST_DAYS * _DAY}


CONTROL = Control(
    id="sqs-retention",
    title="A queue keeps its messages longer than an outage lasts",
    why="What expires while a dependency is down is lost without a trace; the default is 4 days.",
    severity=Severity.HIGH,
    fix="Set messageRetentionSeconds; 1209600 is the most there is.",
    sources=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html",
    ),
    judges=(tokens.QUEUE,),
    reads={tokens.QUEUE: ("messageRetentionSeconds",)},
    check=_check,
    parameters=(
        Parameter(
            name="days",
            default=4,
            schema={"type": "number", "minimum": 1, "maximum": 14},
            why="The longest outage and drain that must not lose a message; SQS's default is 4.",
        ),
        Parameter(
            name="disposable",
            default=["local"],
            schema={"type": "array", "items": {"type": "string"}},
            why="Stacks whose messages may be lost.",
        ),
    ),
    remedy=_remedy,
)
