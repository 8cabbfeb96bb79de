from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource

_ZIP: Final = ("filename", "code", "s3Bucket")


def _check(function: Resource, context: Context) -> Judgement:
    del context
    kind = function.text("packageType") or "Zip"
    if kind not in ("Image", "Zip"):
        yield Violation(path="packageType", found=kind, wanted="Image or Zip")
    elif kind == "Image" and not function.has("imageUri"):
        yield Violation(path="imageUri", found="none", wanted="an image")
    elif kind == "Zip" and not any(function.has(key) for key in _ZIP):
        yield Violation(path="packageType", found="Zip without code", wanted="Image, or code")


CONTROL = Control(
    id="lambda-package",
    title="A function's package is what its packageType says",
    why="Lambda refuses the function.",
    severity=Severity.MEDIUM,
    fix="Set packageType to Image and imageUri, or give code.",
    sources=("https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html",),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("packageType", "imageUri")},
    check=_check,
)
