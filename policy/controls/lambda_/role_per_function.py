from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.views.functions import role_of, roles_in_use


def _check(function: Resource, context: Context) -> Judgement:
    graph = context.graph
    role = role_of(graph, function)
    if role is None:
        return
    others = [item for item in roles_in_use(graph)[role.urn] if item is not function]
    if others:
        yield Violation(
            path="role",
            found=f"{role.name} is the role of {', '.join(item.name for item in others)} too",
            wanted="a role of its own",
        )


CONTROL = Control(
    id="lambda-role-per-function",
    title="Each function has a role of its own",
    why="With a shared role each function may do what any of them may.",
    severity=Severity.HIGH,
    fix="Make one role for each function.",
    sources=(
        "https://serverlessland.com/content/service/lambda/guides/aws-lambda-operator-guide/specialized-all-purpose",
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("role",)},
    check=_check,
)
