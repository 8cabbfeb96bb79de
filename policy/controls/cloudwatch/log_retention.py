from collections.abc import Mapping
from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource

_TAKEN: Final = frozenset(
    {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922}
    | {3288, 3653}
)


def _check(group: Resource, context: Context) -> Judgement:
    days = group.number("retentionInDays")
    least = 0 if group.stack in context.words("disposable") else context.number("days")
    if not days:
        yield Violation(path="retentionInDays", found="for ever", wanted="a number of days")
    elif days not in _TAKEN:
        yield Violation(
            path="retentionInDays", found=f"{days:.0f}", wanted="a number that CloudWatch takes"
        )
    elif days < least:
        yield Violation(path="retentionInDays", found=f"{days:.0f}", wanted=f"at least {least:.0f}")


def _remedy(inputs: Mapping[str, object], _context: Context) -> Mapping[str, object]:
    return {**inputs, "retentionInDays": 365}


CONTROL = Control(
    id="logs-retention",
    title="A log group forgets",
    why="Logs of customers' dealings that are kept for ever are a cost and a liability.",
    severity=Severity.MEDIUM,
    fix="Set retentionInDays.",
    sources=(
        "cdk-nag Serverless-CloudWatchLogGroupRetentionPeriod",
        "checkov CKV_AWS_66",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
        "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
    ),
    judges=(tokens.LOG_GROUP,),
    reads={tokens.LOG_GROUP: ("retentionInDays",)},
    check=_check,
    parameters=(
        Parameter(
            name="days",
            default=1,
            schema={"type": "integer", "minimum": 1},
            why="How long an incident must be readable at least.",
        ),
        Parameter(
            name="disposable",
            default=["local"],
            schema={"type": "array", "items": {"type": "string"}},
            why="Stacks whose logs may be lost.",
        ),
    ),
    remedy=_remedy,
)
