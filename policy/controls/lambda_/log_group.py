from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.functions import log_group


def _check(function: Resource, context: Context) -> Judgement:
    if log_group(context.graph, function) is None:
        yield Violation(
            path="loggingConfig.logGroup",
            found=function.text("loggingConfig", "logGroup") or "a group that Lambda makes",
            wanted="a log group of the program",
        )


CONTROL = Control(
    id="lambda-log-group",
    title="A function's log group is made by the program",
    why="A group that Lambda makes itself has no retention, no key and no owner.",
    severity=Severity.MEDIUM,
    fix="Make the log group and name it in loggingConfig.logGroup.",
    sources=(
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("loggingConfig", "name"), tokens.LOG_GROUP: ("name",)},
    check=_check,
)
