from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource


def _check(repository: Resource, context: Context) -> Judgement:
    if repository.flag("forceDelete") and repository.stack not in context.words("disposable"):
        yield Violation(path="forceDelete", found="true", wanted="absent")


CONTROL = Control(
    id="ecr-no-force-delete",
    title="A repository that holds images is not deleted",
    why="The functions' images go with it, and with them every way back.",
    severity=Severity.MEDIUM,
    fix="Leave forceDelete out, except in stacks that are thrown away.",
    sources=(
        "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html",
    ),
    judges=(tokens.REPOSITORY,),
    reads={tokens.REPOSITORY: ("forceDelete",)},
    check=_check,
    parameters=(
        Parameter(
            name="disposable",
            default=["local"],
            schema={"type": "array", "items": {"type": "string"}},
            why="Stacks that may be thrown away.",
        ),
    ),
)
