from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Undecided, Violation
from policy.resource import Resource
from policy.views.functions import is_image

_DIGEST: Final = "@sha256:"
_DIGEST_LENGTH: Final = 64
_OUTPUTS: Final = (tokens.IMAGE, tokens.BUILD_IMAGE)


def _check(function: Resource, context: Context) -> Judgement:
    if not is_image(function):
        return
    if not function.known("imageUri"):
        if not context.graph.edges(function, "imageUri", *_OUTPUTS):
            yield Undecided(path="imageUri")
        return
    uri = function.text("imageUri") or ""
    name, _, digest = uri.partition(_DIGEST)
    if len(digest) != _DIGEST_LENGTH or ":" in name.rsplit("/", 1)[-1]:
        yield Violation(
            path="imageUri", found=uri or "none", wanted="repository@sha256:digest, without a tag"
        )


CONTROL = Control(
    id="lambda-image-digest",
    title="A function runs an image by its digest",
    why="A tag can be moved, and Lambda looks at it when the function is made or updated: it runs"
    " what the tag says then. Lambda refuses a tag and a digest together. Where the image is built"
    " by the same program, the digest comes with it.",
    severity=Severity.HIGH,
    fix="Put the URI together from the repository's URL, @ and the pushed image's digest.",
    sources=(
        "https://docs.aws.amazon.com/lambda/latest/dg/python-image.html",
        "https://github.com/pulumi/pulumi-docker-build/issues/571",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("imageUri", "packageType")},
    check=_check,
)
