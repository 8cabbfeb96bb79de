from policy import tokens
from policy.checks.alarms import has_actions
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(alarm: Resource, context: Context) -> Judgement:
    if not has_actions(context.graph, alarm):
        yield Violation(path="alarmActions", found="nobody is told", wanted="a topic")


CONTROL = Control(
    id="cloudwatch-alarm-action",
    title="An alarm tells somebody",
    why="An alarm without an action rings in a console that nobody has open.",
    severity=Severity.HIGH,
    fix="Set alarmActions, and leave actionsEnabled alone.",
    sources=(
        "cdk-nag NIST.800.53.R5-CloudWatchAlarmAction",
        "Security Hub CloudWatch.15",
        "Security Hub CloudWatch.17",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html",
    ),
    judges=(tokens.ALARM,),
    reads={
        tokens.ALARM: ("alarmActions", "actionsEnabled", "name"),
        tokens.COMPOSITE_ALARM: ("alarmRule", "alarmActions"),
    },
    check=_check,
)
