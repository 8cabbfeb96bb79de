from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource
from policy.views.names import fill


def _check(resource: Resource, context: Context) -> Judgement:
    pattern = str(context.parameters["pattern"])
    if not pattern:
        return
    wanted = fill(pattern, {"{stack}": resource.stack, "{project}": resource.project})
    name = resource.text("name")
    if name is not None and wanted not in name:
        yield Violation(path="name", found=name, wanted=f"a name with {wanted}")


CONTROL = Control(
    id="stack-name-prefix",
    title="Names say which project and stack they belong to",
    why="Two stacks with one name share a queue, and alarms ring for the other's.",
    severity=Severity.MEDIUM,
    fix="Put what the parameter says into the name, at its beginning where the type allows.",
    sources=("https://www.pulumi.com/docs/iac/concepts/resources/names/",),
    judges=tokens.NAMED,
    reads=dict.fromkeys(tokens.NAMED, ("name",)),
    check=_check,
    parameters=(
        Parameter(
            name="pattern",
            default="",
            schema={"type": "string"},
            why="What names hold, with {project} and {stack}; empty judges nothing.",
        ),
    ),
)
