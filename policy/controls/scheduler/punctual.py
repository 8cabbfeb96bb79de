from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource
from policy.views.names import fitting


def _check(schedule: Resource, context: Context) -> Judgement:
    name = schedule.physical_name or schedule.name
    for pattern, wanted in context.table("expressions").items():
        if not any(fitting(context.graph, name, pattern)):
            continue
        expression = schedule.text("scheduleExpression")
        if expression not in wanted:
            yield Violation(
                path="scheduleExpression", found=str(expression), wanted=" or ".join(wanted)
            )
        if schedule.text("flexibleTimeWindow", "mode") != "OFF":
            yield Violation(
                path="flexibleTimeWindow.mode",
                found=str(schedule.text("flexibleTimeWindow", "mode")),
                wanted="OFF",
            )


CONTROL = Control(
    id="scheduler-punctual",
    title="A clock that recovery depends on ticks as often as it must",
    why="A disabled mapping never sees a next request: nothing but the clock brings it back.",
    severity=Severity.HIGH,
    fix="Set the expression that the parameter names, without a flexible window.",
    sources=(
        "https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html",
    ),
    judges=(tokens.SCHEDULE,),
    reads={tokens.SCHEDULE: ("name", "scheduleExpression", "flexibleTimeWindow")},
    check=_check,
    parameters=(
        Parameter(
            name="expressions",
            default={},
            schema={
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
            why="Allowed expressions by a pattern of the schedule's name; empty judges nothing.",
        ),
    ),
)
