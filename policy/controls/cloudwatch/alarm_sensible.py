from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource

_PERIODS: Final = frozenset({10, 20, 30})
_MINUTE: Final = 60
_COMPARISONS: Final = frozenset(
    {
        "GreaterThanThreshold",
        "GreaterThanOrEqualToThreshold",
        "LessThanThreshold",
        "LessThanOrEqualToThreshold",
        "LessThanLowerOrGreaterThanUpperThreshold",
        "LessThanLowerThreshold",
        "GreaterThanUpperThreshold",
    }
)
_RISING: Final = frozenset({"GreaterThanThreshold", "GreaterThanOrEqualToThreshold"})


def _check(alarm: Resource, context: Context) -> Judgement:
    comparison = alarm.text("comparisonOperator")
    if comparison not in _COMPARISONS:
        yield Violation(
            path="comparisonOperator", found=str(comparison), wanted="one that CloudWatch has"
        )
    if _watches_trouble(alarm) and comparison not in _RISING:
        yield Violation(
            path="comparisonOperator",
            found=f"{comparison} on {alarm.text('metricName')}",
            wanted="an alarm when it rises",
        )
    threshold = alarm.number("threshold")
    if threshold is None and not alarm.has("thresholdMetricId"):
        yield Violation(path="threshold", found="none", wanted="a number")
    yield from _time(alarm, context.number("longest"))
    if alarm.text("treatMissingData") not in ("notBreaching", "breaching", "ignore"):
        yield Violation(
            path="treatMissingData",
            found=alarm.text("treatMissingData") or "missing",
            wanted="notBreaching, breaching or ignore, chosen",
        )


def _watches_trouble(alarm: Resource) -> bool:
    name = alarm.text("metricName") or ""
    return any(word in name for word in ("Age", "Error", "Fail", "Throttle", "NumberOfMessagesVis"))


def _time(alarm: Resource, longest: float) -> Judgement:
    evaluated = alarm.number("evaluationPeriods")
    if evaluated is None or evaluated < 1:
        yield Violation(path="evaluationPeriods", found=str(evaluated), wanted="1 or more")
    period = alarm.number("period")
    if alarm.has("metricName"):
        if period is None or (period not in _PERIODS and period % _MINUTE):
            yield Violation(path="period", found=str(period), wanted="10, 20, 30 or minutes")
        elif period * (evaluated or 1) > longest:
            yield Violation(
                path="period",
                found=f"rings after {period * (evaluated or 1):g} s",
                wanted=f"at most {longest:g} s",
            )
        if not alarm.has("statistic") and not alarm.has("extendedStatistic"):
            yield Violation(path="statistic", found="none", wanted="Sum, Maximum or another")


CONTROL = Control(
    id="cloudwatch-alarm-sensible",
    title="An alarm can ring, in time, and says what silence means",
    why="Over more than a day it is looked at once an hour only; without a word on missing data it"
    " is INSUFFICIENT_DATA whenever nothing comes.",
    severity=Severity.MEDIUM,
    fix="Choose comparison, threshold, period and treatMissingData.",
    sources=(
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html",
    ),
    judges=(tokens.ALARM,),
    reads={
        tokens.ALARM: (
            "comparisonOperator",
            "threshold",
            "evaluationPeriods",
            "period",
            "statistic",
            "treatMissingData",
            "metricName",
        )
    },
    check=_check,
    parameters=(
        Parameter(
            name="longest",
            default=86_400,
            schema={"type": "number", "minimum": 60},
            why="Seconds after which an alarm must ring.",
        ),
    ),
)
