import re
from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Undecided, Violation
from policy.resource import Resource
from policy.values import brief

_PINNED: Final = re.compile(r"[^@]+@sha256:[0-9a-f]{64}")


def _check(image: Resource, context: Context) -> Judgement:
    if not image.known("build", "args"):
        yield Undecided(path="build.args")
        return
    name = str(context.parameters["argument"])
    arguments = image.mapping("build", "args")
    base = arguments.get(name)
    if not isinstance(base, str) or not _PINNED.fullmatch(base):
        yield Violation(
            path=f"build.args.{name}", found=brief(base), wanted="an image by its digest"
        )


CONTROL = Control(
    id="lambda-image-base-pinned",
    title="An image's base is pinned by digest",
    why="Two builds of the same sources are not the same image, and a replaced base is trusted"
    " unseen.",
    severity=Severity.MEDIUM,
    fix="Pass the base image as name@sha256:digest.",
    sources=("https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",),
    judges=(tokens.IMAGE,),
    reads={tokens.IMAGE: ("build",)},
    check=_check,
    parameters=(
        Parameter(
            name="argument",
            default="BASE_IMAGE",
            schema={"type": "string"},
            why="The build argument that names the base image.",
        ),
    ),
)
