from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.documents import Statement
from policy.evaluate import allowed_by, by_service
from policy.patterns import is_pattern
from policy.resource import Resource
from policy.views.callers import arn_of
from policy.views.policies import policy_of

_NEEDED: Final = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def _check(function: Resource, context: Context) -> Judgement:
    graph = context.graph
    for image in graph.edges(function, "imageUri", tokens.IMAGE):
        path = (image.text("imageName") or "").partition("/")[2].partition(":")[0]
        repository = graph.called(tokens.REPOSITORY, path)
        if repository is None:
            continue
        statements = [placed.statement for placed in policy_of(graph, repository)]
        wide = [item for item in statements if item.allows and _wide(item)]
        for action in _NEEDED:
            request = by_service(
                "lambda.amazonaws.com",
                action,
                source=arn_of(graph, function),
                account=graph.account,
            )
            if not allowed_by(statements, request):
                yield _violation(repository, f"Lambda may not {action}")
        if wide:
            yield _violation(repository, f"{', '.join(wide[0].actions)} for a service")


def _wide(statement: Statement) -> bool:
    return bool(statement.services()) and any(map(is_pattern, statement.actions))


def _violation(repository: Resource, found: str) -> Violation:
    return Violation(
        resource=repository,
        path="name",
        found=found,
        wanted=f"Allow {', '.join(_NEEDED)} to lambda.amazonaws.com for the function",
    )


CONTROL = Control(
    id="ecr-function-may-pull",
    title="Lambda may pull a function's image, and do nothing else with it",
    why="Otherwise Lambda writes the permission itself, wherever the deployment's role may; where"
    " it may not, and the function's role grants none either, the image is not pulled.",
    severity=Severity.MEDIUM,
    fix="Add a repository policy for lambda.amazonaws.com with the function's ARN as source.",
    sources=("https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",),
    judges=(tokens.FUNCTION,),
    reads={
        tokens.FUNCTION: ("imageUri", "name"),
        tokens.IMAGE: ("imageName",),
        tokens.REPOSITORY: ("name",),
        tokens.REPOSITORY_POLICY: ("policy", "repository"),
    },
    check=_check,
)
