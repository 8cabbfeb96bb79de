from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource

_LEVELS: Final = {
    "applicationLogLevel": ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"),
    "systemLogLevel": ("DEBUG", "INFO", "WARN"),
}


def _check(function: Resource, context: Context) -> Judgement:
    del context
    form = function.text("loggingConfig", "logFormat")
    if form != "JSON":
        yield Violation(path="loggingConfig.logFormat", found=form or "Text", wanted="JSON")
    for key, levels in _LEVELS.items():
        level = function.text("loggingConfig", key)
        if form == "JSON" and level not in levels:
            yield Violation(
                path=f"loggingConfig.{key}", found=level or "none", wanted=" or ".join(levels)
            )


CONTROL = Control(
    id="lambda-json-logs",
    title="A function logs JSON at a chosen level",
    why="Logs as JSON are searched by field; a level that is not chosen is what Lambda chooses.",
    severity=Severity.LOW,
    fix="Set loggingConfig.logFormat to JSON and applicationLogLevel.",
    sources=(
        "cdk-nag LambdaLogging",
        "cdk-nag LambdaLogLevel",
        "cfn-lint E3696",
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("loggingConfig",)},
    check=_check,
)
