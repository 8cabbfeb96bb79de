from policy import tokens
from policy.control import Context, Control, Judgement, Level, Severity, Undecided, Violation
from policy.resource import Resource


def _check(resource: Resource, context: Context) -> Judgement:
    del context
    if not resource.has("name"):
        yield Violation(path="name", found="a name that Pulumi makes up", wanted="a name")
    elif not resource.known("name"):
        yield Undecided(path="name")


CONTROL = Control(
    id="stack-explicit-names",
    title="Resources are named by the program",
    why="ARNs put together from names are known in the first preview, so that every document that"
    " a control judges is known there; made-up names are not.",
    severity=Severity.MEDIUM,
    fix="Set name, from the project, the stack and what the resource is.",
    sources=("https://www.pulumi.com/docs/iac/concepts/resources/names/",),
    judges=tokens.NAMED,
    reads=dict.fromkeys(tokens.NAMED, ("name",)),
    check=_check,
    level=Level.DISABLED,
    off_because="Names that Pulumi makes up keep a replacement from colliding with what it"
    " replaces, and edges decide much without a name; a program whose documents are put together"
    " from names switches it on.",
)
