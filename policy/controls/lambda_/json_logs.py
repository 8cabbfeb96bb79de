from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.graph import Resource


def _check(function: Resource, context: Context) -> Judgement:
    del context
    form = function.text("loggingConfig", "logFormat")
    if form != "JSON":
        yield Violation(path="loggingConfig.logFormat", found=form or "Text", wanted="JSON")
    if form == "JSON" and not function.text("loggingConfig", "applicationLogLevel"):
        yield Violation(
            path="loggingConfig.applicationLogLevel", found="none", wanted="a chosen level"
        )


CONTROL = Control(
    id="lambda-json-logs",
    title="A function logs JSON at a chosen level",
    why="Text logs cannot be searched by field, and without a level debug logs carry data.",
    severity=Severity.LOW,
    fix="Set loggingConfig.logFormat to JSON and applicationLogLevel.",
    sources=(
        "cdk-nag LambdaLogging",
        "cdk-nag LambdaLogLevel",
        "cfn-lint E3696",
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("loggingConfig",)},
    check=_check,
)
