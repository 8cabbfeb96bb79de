from policy import tokens
from policy.control import Context, Control, Judgement, Level, Severity, Violation
from policy.resource import Resource


def _check(function: Resource, context: Context) -> Judgement:
    del context
    if not function.has("codeSigningConfigArn"):
        yield Violation(path="codeSigningConfigArn", found="none", wanted="a code signing config")


CONTROL = Control(
    id="lambda-code-signing",
    title="A function's code is signed",
    why="Only reviewed code runs.",
    severity=Severity.LOW,
    fix="Set codeSigningConfigArn.",
    sources=(
        "checkov CKV_AWS_272",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning-create.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("codeSigningConfigArn",)},
    check=_check,
    level=Level.DISABLED,
    off_because="AWS offers it for zip files only, not for images; an image is pinned by its"
    " digest instead (lambda-image-digest).",
)
