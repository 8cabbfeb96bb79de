from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Undecided, Violation
from policy.graph import Resource
from policy.views.functions import log_group_name


def _check(function: Resource, context: Context) -> Judgement:
    name = log_group_name(function)
    if name is None:
        yield Undecided(path="name")
        return
    if context.graph.called(tokens.LOG_GROUP, name) is None:
        yield Violation(
            path="loggingConfig.logGroup",
            found=f"{name} is not in the program",
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
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("loggingConfig", "name"), tokens.LOG_GROUP: ("name",)},
    check=_check,
)
