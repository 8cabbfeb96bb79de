from policy import tokens
from policy.control import Context, Control, Judgement, Level, Severity, Violation
from policy.resource import Resource


def _check(function: Resource, context: Context) -> Judgement:
    del context
    if function.number("reservedConcurrentExecutions") is None:
        yield Violation(path="reservedConcurrentExecutions", found="none", wanted="a number")


CONTROL = Control(
    id="lambda-reserved-concurrency",
    title="A function has reserved concurrency",
    why="One function can use up the account's concurrency.",
    severity=Severity.LOW,
    fix="Set reservedConcurrentExecutions.",
    sources=(
        "cdk-nag NIST.800.53.R5-LambdaConcurrency",
        "checkov CKV_AWS_115",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("reservedConcurrentExecutions",)},
    check=_check,
    level=Level.DISABLED,
    off_because="It takes its share from every other function of the account, and on a queue it"
    " throttles batches that then burn their receive count; the mapping's maximum concurrency"
    " bounds a worker without either (lambda-mapping-concurrency).",
)
