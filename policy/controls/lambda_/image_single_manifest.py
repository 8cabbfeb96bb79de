from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.values import texts
from policy.views.functions import is_image

_PLATFORMS: Final = {"linux/amd64": "x86_64", "linux/arm64": "arm64"}


def _check(function: Resource, context: Context) -> Judgement:
    if not is_image(function):
        return
    architectures = texts(function.get("architectures")) or ("x86_64",)
    for image in context.graph.edges(function, "imageUri", tokens.IMAGE, tokens.BUILD_IMAGE):
        platforms = _platforms(image)
        if len(platforms) != 1:
            yield Violation(
                resource=image,
                path="platforms",
                found=", ".join(platforms) or "the platform of the building machine",
                wanted="one platform",
            )
        elif (_PLATFORMS.get(platforms[0]),) != tuple(architectures):
            yield Violation(
                resource=image,
                path="platform",
                found=f"{platforms[0]} for a function on {', '.join(architectures)}",
                wanted="the function's architecture",
            )
        if image.type == tokens.BUILD_IMAGE and image.flag("exec"):
            yield Violation(
                resource=image,
                path="exec",
                found="built by the buildx command, which attests by default",
                wanted="exec off, or BUILDX_NO_DEFAULT_ATTESTATIONS set",
            )


def _platforms(image: Resource) -> tuple[str, ...]:
    if image.type == tokens.BUILD_IMAGE:
        return texts(image.get("platforms"))
    platform = image.text("build", "platform")
    return (platform,) if platform else ()


CONTROL = Control(
    id="lambda-image-single-manifest",
    title="A function's image is one manifest, for the function's architecture",
    why="Lambda takes no index of several platforms or of attestations, and starts no binary of"
    " another architecture.",
    severity=Severity.HIGH,
    fix="Build for one platform, equal to architectures, without attestations.",
    sources=(
        "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/python-image.html",
        "https://github.com/aws/aws-lambda-roadmap/issues/82",
        "https://github.com/docker/buildx/issues/1533",
    ),
    judges=(tokens.FUNCTION,),
    reads={
        tokens.FUNCTION: ("imageUri", "architectures", "packageType"),
        tokens.IMAGE: ("build",),
        tokens.BUILD_IMAGE: ("platforms", "exec"),
    },
    check=_check,
)
