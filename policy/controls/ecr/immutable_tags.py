from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(repository: Resource, context: Context) -> Judgement:
    del context
    mutability = repository.text("imageTagMutability")
    if mutability != "IMMUTABLE":
        yield Violation(
            path="imageTagMutability", found=mutability or "MUTABLE", wanted="IMMUTABLE"
        )


CONTROL = Control(
    id="ecr-immutable-tags",
    title="A tag names one image for ever",
    why="Whoever may push could replace an image that is already reviewed.",
    severity=Severity.MEDIUM,
    fix="Set imageTagMutability to IMMUTABLE and tag by content.",
    sources=(
        "FSBP ECR.2",
        "checkov CKV_AWS_51",
        "pulumi aws-ecr-repository-disallow-mutable-image",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html",
    ),
    judges=(tokens.REPOSITORY,),
    reads={tokens.REPOSITORY: ("imageTagMutability",)},
    check=_check,
)
