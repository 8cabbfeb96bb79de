from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(function: Resource, context: Context) -> Judgement:
    graph = context.graph
    for image in graph.edges(function, "imageUri", tokens.IMAGE, tokens.BUILD_IMAGE):
        others = [
            item
            for item in graph.of(tokens.FUNCTION)
            if item is not function and image in graph.edges(item, "imageUri")
        ]
        if others:
            yield Violation(
                path="imageUri",
                found=f"{image.name}, the image of {', '.join(item.name for item in others)} too",
                wanted="an image of its own",
            )


CONTROL = Control(
    id="lambda-image-own",
    title="Each function has an image of its own",
    why="With another's image it runs another's code, under its own name and role, unless a command"
    " in imageConfig says otherwise; and it carries that code either way.",
    severity=Severity.MEDIUM,
    fix="Build one image for each function.",
    sources=("https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("imageUri",)},
    check=_check,
)
