from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(image: Resource, context: Context) -> Judgement:
    name = image.text("imageName") or ""
    host, _, path = name.partition("/")
    repository = context.graph.called(tokens.REPOSITORY, path.partition(":")[0].partition("@")[0])
    if ".dkr.ecr." not in host or repository is None:
        yield Violation(
            path="imageName", found=name or "none", wanted="a repository of the program"
        )
    tag = path.partition(":")[2]
    if tag in ("", "latest"):
        yield Violation(
            path="imageName", found=f"tag {tag or 'none'}", wanted="a tag made from the content"
        )
    if not image.has("registry"):
        yield Violation(
            path="registry", found="none", wanted="a login of the repository's registry"
        )
    elif image.known("registry", "server") and image.text("registry", "server") != host:
        yield Violation(
            path="registry.server", found=str(image.text("registry", "server")), wanted=host
        )
    if image.flag("skipPush"):
        yield Violation(path="skipPush", found="true", wanted="a pushed image")


CONTROL = Control(
    id="lambda-image-repository",
    title="An image is pushed to a repository of the program, under a tag of its own",
    why="Another repository is not scanned, not immutable and not watched; `latest` cannot be"
    " pushed twice to an immutable one.",
    severity=Severity.MEDIUM,
    fix="Name the image by the repository's address and a tag that is made from its content.",
    sources=("https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",),
    judges=(tokens.IMAGE,),
    reads={tokens.IMAGE: ("imageName", "registry", "skipPush"), tokens.REPOSITORY: ("name",)},
    check=_check,
)
