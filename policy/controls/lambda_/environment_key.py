from policy import tokens
from policy.checks.encryption import uses_own_key
from policy.control import Context, Control, Judgement, Severity
from policy.resource import Resource


def _check(function: Resource, context: Context) -> Judgement:
    if function.has("environment"):
        yield from uses_own_key(context.graph, function, "kmsKeyArn")


CONTROL = Control(
    id="lambda-environment-key",
    title="A function's environment is encrypted with a customer-managed key",
    why="Otherwise everybody who may read the function's configuration reads the variables.",
    severity=Severity.MEDIUM,
    fix="Set kmsKeyArn.",
    sources=(
        "checkov CKV_AWS_173",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("environment", "kmsKeyArn")},
    check=_check,
)
