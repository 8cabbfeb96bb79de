from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Level, Severity, Violation
from policy.resource import Resource

_YEAR: Final = 365


def _check(group: Resource, context: Context) -> Judgement:
    del context
    days = group.number("retentionInDays") or 0
    if 0 < days < _YEAR:
        yield Violation(path="retentionInDays", found=f"{days:g} days", wanted="365 or more")


CONTROL = Control(
    id="logs-retention-year",
    title="Logs are kept for a year",
    why="An incident may be found late.",
    severity=Severity.LOW,
    fix="Set retentionInDays to 365 or more.",
    sources=(
        "Security Hub CloudWatch.16",
        "checkov CKV_AWS_338",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html",
    ),
    judges=(tokens.LOG_GROUP,),
    reads={tokens.LOG_GROUP: ("retentionInDays",)},
    check=_check,
    level=Level.DISABLED,
    off_because="How long is a decision of the owner and of the law, and differs by stack; an"
    " audit trail is CloudTrail's, not the functions' logs.",
)
