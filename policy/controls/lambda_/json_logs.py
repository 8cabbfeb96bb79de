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
