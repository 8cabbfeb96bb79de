from policy import tokens
from policy.control import Context, Control, Judgement, Level, Severity, Violation
from policy.resource import Resource


def _check(function: Resource, context: Context) -> Judgement:
    del context
    if not function.has("deadLetterConfig"):
        yield Violation(path="deadLetterConfig", found="none", wanted="a queue or topic")


CONTROL = Control(
    id="lambda-dead-letter-queue",
    title="A function has a dead-letter queue",
    why="An asynchronous event that fails is lost.",
    severity=Severity.LOW,
    fix="Set deadLetterConfig.",
    sources=(
        "cdk-nag NIST.800.53.R5-LambdaDLQ",
        "checkov CKV_AWS_116",
        "Security Hub Lambda.4 (retired 2021)",
        "https://github.com/bridgecrewio/checkov/issues/2194",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("deadLetterConfig",)},
    check=_check,
    level=Level.DISABLED,
    off_because="It matters for asynchronous invocations only, and AWS retired it; each path is"
    " judged where it fails: sqs-dead-letter-queue, sns-subscription-redrive,"
    " lambda-async-destination, scheduler-dead-letter-queue.",
)
