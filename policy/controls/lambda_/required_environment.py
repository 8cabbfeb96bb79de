from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Undecided, Violation
from policy.resource import Resource
from policy.views.names import PLACES, fitting


def _check(function: Resource, context: Context) -> Judgement:
    name = function.physical_name or function.name
    for pattern, wanted in context.table("variables").items():
        if not any(fitting(context.graph, name, pattern)):
            continue
        if not function.known("environment", "variables"):
            yield Undecided(path="environment.variables")
            return
        given = function.mapping("environment", "variables")
        missing = [item for item in wanted if given.get(item) in (None, "")]
        if missing:
            yield Violation(
                path="environment.variables",
                found=f"{', '.join(missing)} missing",
                wanted="every variable that the code asks for",
            )


CONTROL = Control(
    id="lambda-required-environment",
    title="A function has the variables that its code asks for",
    why="The code refuses to start without them, which shows only after the deployment.",
    severity=Severity.MEDIUM,
    fix="Add the variable.",
    sources=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("environment", "name"), tokens.MAPPING: ("functionName",)},
    check=_check,
    parameters=(
        Parameter(
            name="variables",
            default={},
            schema={
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
            why="Names of variables by a pattern of the function's name; empty judges nothing."
            f" {PLACES}",
        ),
    ),
)
