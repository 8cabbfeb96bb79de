from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource
from policy.views.functions import is_image

_SUPPORTED: Final = [
    "python3.11",
    "python3.12",
    "python3.13",
    "python3.14",
    "nodejs22.x",
    "nodejs24.x",
    "java8.al2",
    "java8.al2023",
    "java11",
    "java11.al2023",
    "java17",
    "java17.al2023",
    "java21",
    "java25",
    "dotnet10",
    "ruby3.3",
    "ruby3.4",
    "ruby4.0",
    "provided.al2023",
]


def _check(function: Resource, context: Context) -> Judgement:
    if is_image(function):
        return
    runtime = function.text("runtime")
    if runtime not in context.words("runtimes"):
        yield Violation(
            path="runtime", found=runtime or "none", wanted="a runtime that AWS still patches"
        )


CONTROL = Control(
    id="lambda-supported-runtime",
    title="A function from a zip file has a supported runtime",
    why="A deprecated runtime gets no security patches, and in time no updates of the function.",
    severity=Severity.HIGH,
    fix="Move to a supported runtime, or to an image.",
    sources=(
        "FSBP Lambda.2",
        "cdk-nag AwsSolutions-L1",
        "checkov CKV_AWS_363",
        "cfn-lint E2531",
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("runtime", "packageType", "imageUri")},
    check=_check,
    parameters=(
        Parameter(
            name="runtimes",
            default=_SUPPORTED,
            schema={"type": "array", "items": {"type": "string"}},
            why="Runtimes that AWS supported in November 2026.",
        ),
    ),
)
