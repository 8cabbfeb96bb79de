from policy import tokens
from policy.checks.alarms import alarms_on, has_actions
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(function: Resource, context: Context) -> Judgement:
    alarms = alarms_on(context.graph, "Errors", "FunctionName", function)
    if not any(has_actions(context.graph, alarm) for alarm in alarms):
        yield Violation(
            path="name", found="no alarm on its errors", wanted="an alarm on Errors with an action"
        )


CONTROL = Control(
    id="cloudwatch-function-errors",
    title="Somebody hears when a function fails",
    why="Crashes, timeouts and images that do not start are seen by nothing inside the function.",
    severity=Severity.HIGH,
    fix="Add an alarm on the function's Errors, alone or over its Invocations.",
    sources=("https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",),
    judges=(tokens.FUNCTION,),
    reads={
        tokens.FUNCTION: ("name",),
        tokens.ALARM: (
            "metricName",
            "dimensions",
            "metricQueries",
            "alarmActions",
            "actionsEnabled",
        ),
    },
    check=_check,
)
