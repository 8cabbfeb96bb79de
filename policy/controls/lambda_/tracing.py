from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(function: Resource, context: Context) -> Judgement:
    del context
    mode = function.text("tracingConfig", "mode")
    if mode != "Active":
        yield Violation(path="tracingConfig.mode", found=mode or "none", wanted="Active")


CONTROL = Control(
    id="lambda-tracing",
    title="A function is traced",
    why="One transaction crosses topics, queues and functions; without traces nobody finds where"
    " it waited.",
    severity=Severity.LOW,
    fix="Set tracingConfig.mode to Active.",
    sources=(
        "Security Hub Lambda.7",
        "cdk-nag Serverless-LambdaTracing",
        "checkov CKV_AWS_50",
        "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("tracingConfig",)},
    check=_check,
)
