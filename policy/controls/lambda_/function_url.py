from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(url: Resource, context: Context) -> Judgement:
    del context
    if url.text("authorizationType") != "AWS_IAM":
        yield Violation(
            path="authorizationType",
            found=url.text("authorizationType") or "none",
            wanted="AWS_IAM",
        )
    if "*" in url.items("cors", "allowOrigins"):
        yield Violation(path="cors.allowOrigins", found="*", wanted="named origins")


CONTROL = Control(
    id="lambda-function-url",
    title="A function URL asks who is calling",
    why="With NONE Lambda asks nobody: a permission for everybody opens it to the whole internet.",
    severity=Severity.CRITICAL,
    fix="Set authorizationType to AWS_IAM and name the origins.",
    sources=(
        "cdk-nag LambdaFunctionUrlAuth",
        "checkov CKV_AWS_258",
        "checkov CKV2_AWS_75",
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    ),
    judges=(tokens.FUNCTION_URL,),
    reads={tokens.FUNCTION_URL: ("authorizationType", "cors")},
    check=_check,
)
