import re
from collections.abc import Mapping
from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.values import mapping_of

_WORDS: Final = re.compile(r"\b[a-z]\w*")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_INSIGHTS: Final = "select "
"""How a query over metrics by their names begins: it knows no ids."""
_MINUTE: Final = 60
_STATISTICS: Final = frozenset({"Sum", "Average", "Maximum", "Minimum", "SampleCount"})
_SHORT: Final = (10, 20, 30)
_EXTENDED: Final = re.compile(
    r"IQM|(?:p|tm|wm|tc|ts)(?:100|\d{1,2}(?:\.\d+)?)|(?:PR|TM|WM|TC|TS)\([\d.%]*:[\d.%]*\)"
)
"""Statistics beyond the five. One bound is written small, and a range in capitals."""


def _check(alarm: Resource, context: Context) -> Judgement:
    del context
    count = len(alarm.items("metricQueries"))
    if not count:
        if alarm.has("statistic") and alarm.text("statistic") not in _STATISTICS:
            yield Violation(
                path="statistic", found=str(alarm.text("statistic")), wanted="one that exists"
            )
        if not alarm.has("metricName"):
            yield Violation(path="metricName", found="none", wanted="a metric")
        return
    queries = [alarm.mapping("metricQueries", index) for index in range(count)]
    identifiers = {query.get("id") for query in queries}
    returned = [query for query in queries if query.get("returnData") in (True, "true")]
    # A band of what is usual is a result beside the metric that it is of.
    results = (1, 2) if alarm.has("thresholdMetricId") else (1,)
    if len(returned) not in results or None in identifiers:
        yield Violation(
            path="metricQueries",
            found=f"{len(returned)} results",
            wanted="one query that returns data, and an id for each",
        )
    for index, query in enumerate(queries):
        yield from _query(query, f"metricQueries.{index}", identifiers)


def _query(query: Mapping[str, object], path: str, identifiers: set[object]) -> Judgement:
    expression = query.get("expression")
    if isinstance(expression, str):
        if expression.lstrip().lower().startswith(_INSIGHTS):
            return
        unknown = sorted(set(_WORDS.findall(_QUOTED.sub("", expression))) - identifiers)
        if unknown:
            yield Violation(
                path=path, found=f"{', '.join(unknown)} in {expression}", wanted="ids of the alarm"
            )
        return
    metric = mapping_of(query.get("metric"))
    period = metric.get("period")
    counted = isinstance(period, int | float) and (
        period in _SHORT or (period >= _MINUTE and not period % _MINUTE)
    )
    statistic = str(metric.get("stat"))
    exists = statistic in _STATISTICS or _EXTENDED.fullmatch(statistic) is not None
    if not counted or not exists:
        yield Violation(
            path=path,
            found=f"{metric.get('stat')} over {period} s",
            wanted="a statistic that exists, over 10, 20, 30 s or minutes",
        )


CONTROL = Control(
    id="cloudwatch-alarm-math",
    title="A metric alarm computes one result, from ids and statistics that exist",
    why="An alarm watches one result, beside the band of an anomaly detection, and a math"
    " expression knows the metrics by their ids.",
    severity=Severity.MEDIUM,
    fix="Give each query an id, return one, and count over a period that an alarm may have.",
    sources=(
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-data-queries.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html",
    ),
    judges=(tokens.ALARM,),
    reads={tokens.ALARM: ("metricQueries", "statistic", "metricName", "thresholdMetricId")},
    check=_check,
)
