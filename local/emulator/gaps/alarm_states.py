"""Alarms judge their own metric: its dimensions, expressions, and what missing data means.

The emulator looks at the metric's name alone, so that one queue's depth raises every queue's alarm,
and leaves expressions and missing data out.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

import ast
import operator
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import cloudwatch

from local.emulator.gaps.seam import Untyped, private, wrap

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_MISSING = {"notBreaching": "OK", "breaching": "ALARM", "missing": "INSUFFICIENT_DATA"}
_OPERATORS: Mapping[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
    ast.LtE: operator.le,
    ast.Lt: operator.lt,
}
_RANK = re.compile(r"PR\(:([0-9.]+)\)")


def close() -> None:
    """Keep an alarm's expressions, and judge each alarm by what it says."""
    wrap(cloudwatch, "_put_metric_alarm", _with_expressions)
    wrap(cloudwatch, "_evaluate_alarm", lambda _: _evaluate)


def _with_expressions(original: Callable[..., Untyped]) -> Callable[..., Untyped]:
    def put(params: Untyped, body: Untyped, *rest: Untyped, **named: Untyped) -> Untyped:
        answer = original(params, body, *rest, **named)
        name, queries = (body or {}).get("AlarmName"), (body or {}).get("Metrics")
        alarm = private(cloudwatch, "_alarms").get(name)
        if alarm is not None and queries:
            alarm["Metrics"] = queries
        return answer

    return put


def _evaluate(alarm: dict[str, Any]) -> None:
    """Judge an alarm on the time that its periods span up to now, and act where it changes."""
    value = _value(alarm)
    state = _state(alarm, value)
    old = alarm["StateValue"]
    if state == old:
        return
    statement = f"{alarm['ComparisonOperator']} {alarm['Threshold']}"
    reason = "No data" if value is None else f"Threshold Crossed: {value} {statement}"
    alarm["StateValue"], alarm["StateReason"] = state, reason
    alarm["StateUpdatedTimestamp"] = int(time.time())
    private(cloudwatch, "_record_history")(alarm["AlarmName"], old, state, reason)
    private(cloudwatch, "_dispatch_alarm_actions")(alarm, old, state, reason)
    private(cloudwatch, "_evaluate_parent_alarms")(alarm)


def _state(alarm: dict[str, Any], value: float | None) -> str:
    if value is not None:
        compare = _COMPARISONS[alarm["ComparisonOperator"]]
        return "ALARM" if compare(value, float(alarm["Threshold"])) else "OK"
    treatment = alarm["TreatMissingData"]
    since = float(alarm["AlarmConfigurationUpdatedTimestamp"])
    young = time.time() - since < alarm["Period"] * alarm["EvaluationPeriods"]
    if treatment == "ignore" or (treatment == "breaching" and young):
        # An alarm on silence has to wait its period before there can have been silence.
        return alarm["StateValue"]
    return _MISSING[treatment]


def _value(alarm: dict[str, Any]) -> float | None:
    """What the alarm compares; None without data."""
    if not alarm.get("Metrics"):
        statistic = alarm["ExtendedStatistic"] or alarm["Statistic"]
        span = alarm["Period"] * alarm["EvaluationPeriods"]
        return _measured(alarm["Namespace"], alarm["MetricName"], alarm, statistic, span)
    expression, values = "", dict[str, float]()
    for query in alarm["Metrics"]:
        if query.get("Expression"):
            expression = query["Expression"]
            continue
        stat = query["MetricStat"]
        metric, span = stat["Metric"], stat["Period"] * alarm["EvaluationPeriods"]
        found = _measured(metric["Namespace"], metric["MetricName"], metric, stat["Stat"], span)
        if found is None:
            return None
        values[query["Id"]] = found
    return float(_calculated(ast.parse(expression, mode="eval").body, values))


def _measured(
    namespace: str, name: str, of: Mapping[str, Any], statistic: str, span: float
) -> float | None:
    dimensions = private(cloudwatch, "_dims_from_list")(of.get("Dimensions") or [])
    key = (namespace, name, private(cloudwatch, "_dims_key")(dimensions))
    since = time.time() - span
    points = [p for p in private(cloudwatch, "_metrics").get(key, ()) if p["Timestamp"] >= since]
    stats = private(cloudwatch, "_calc_stats")(points)
    if not stats:
        return None
    rank = _RANK.fullmatch(statistic)
    if rank is None:
        return private(cloudwatch, "_stat_value")(stats, statistic, points)
    within = sum(p.get("Count", 1.0) for p in points if p["Value"] <= float(rank[1]))
    return 100 * within / stats["SampleCount"]


def _calculated(node: ast.AST, values: Mapping[str, float]) -> float:
    """The part of CloudWatch's metric maths that this system's alarms use."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name):
            return values[name]
        case ast.Call(func=ast.Name(id="IF"), args=[condition, then, other]):
            chosen = then if _calculated(condition, values) else other
            return _calculated(chosen, values)
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_calculated(left, values), _calculated(right, values))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _OPERATORS[type(op)](_calculated(left, values), _calculated(right, values))
        case _:
            raise ValueError(f"no metric maths: {ast.dump(node)}")
