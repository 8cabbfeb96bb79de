import json

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.graph import Graph, Target
from policy.resource import Resource
from policy.values import mapping_of


def _check(mapping: Resource, context: Context) -> Judgement:
    graph = context.graph
    variable = str(context.parameters["variable"])
    target = graph.target(mapping, "functionName", tokens.FUNCTION)
    managers = [
        function for function in graph.of(tokens.FUNCTION) if _has_variable(function, variable)
    ]
    if not managers or target is None:
        return
    if not any(_knows(graph, manager, variable, mapping, target) for manager in managers):
        yield Violation(
            found=f"{variable} of {', '.join(item.name for item in managers)} does not name it",
            wanted="every mapping in the manager's list",
        )


def _has_variable(function: Resource, variable: str) -> bool:
    return function.has_path("environment", "variables", variable)


def _knows(
    graph: Graph, manager: Resource, variable: str, mapping: Resource, target: Target
) -> bool:
    path = ("environment", "variables", variable)
    if not manager.known(*path):
        return mapping in graph.edges(manager, "environment", tokens.MAPPING)
    names = {target.value, target.resource.physical_name if target.resource else None} - {None}
    return not names.isdisjoint(_functions(manager.text(*path) or ""))


def _functions(text: str) -> set[str]:
    """The functions in a manager's list: a pattern of their names, filled in for each service."""
    try:
        told = mapping_of(json.loads(text))
    except ValueError:
        return set()
    pattern = str(mapping_of(told.get("names")).get("function"))
    return {pattern.replace("{service}", name) for name in mapping_of(told.get("services"))}


CONTROL = Control(
    id="lambda-mapping-managed",
    title="The manager knows every worker's mapping",
    why="A subscription that the manager does not know is not paused when its dependency breaks,"
    " and not brought back when it is.",
    severity=Severity.HIGH,
    fix="Name the mapping in the manager's list.",
    sources=("https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html",),
    judges=(tokens.MAPPING,),
    reads={tokens.MAPPING: ("functionName",), tokens.FUNCTION: ("environment", "name")},
    check=_check,
    parameters=(
        Parameter(
            name="variable",
            default="MANAGED_FUNCTIONS",
            schema={"type": "string"},
            why="The manager's environment variable, an object: names.function is a pattern with"
            " {service} in it, services has a key for each. Programs without it are not judged.",
        ),
    ),
)
