from collections.abc import Mapping

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.graph import Resource


def _check(group: Resource, context: Context) -> Judgement:
    del context
    days = group.number("retentionInDays")
    if not days:
        yield Violation(path="retentionInDays", found="for ever", wanted="a number of days")


def _remedy(inputs: Mapping[str, object]) -> Mapping[str, object]:
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
    ),
    judges=(tokens.LOG_GROUP,),
    reads={tokens.LOG_GROUP: ("retentionInDays",)},
    check=_check,
    remedy=_remedy,
)
