import re
from collections.abc import Sequence
from typing import Final

from policy import tokens
from policy.arns import Named
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.graph import Graph
from policy.mentions import Mentioned
from policy.patterns import like
from policy.resource import Resource

# Inputs that take plain names, and the type that the name is looked up in.
_PLAIN: Final[tuple[tuple[str, tuple[str, ...], str], ...]] = (
    (tokens.MAPPING, ("functionName",), tokens.FUNCTION),
    (tokens.PERMISSION, ("function",), tokens.FUNCTION),
    (tokens.INVOKE_CONFIG, ("functionName",), tokens.FUNCTION),
    (tokens.ROLE_POLICY, ("role",), tokens.ROLE),
    (tokens.ROLE_ATTACHMENT, ("role",), tokens.ROLE),
    (tokens.REPOSITORY_LIFECYCLE, ("repository",), tokens.REPOSITORY),
    (tokens.REPOSITORY_POLICY, ("repository",), tokens.REPOSITORY),
    (tokens.SCHEDULE, ("groupName",), tokens.SCHEDULE_GROUP),
    (tokens.FUNCTION, ("loggingConfig", "logGroup"), tokens.LOG_GROUP),
    (tokens.QUEUE, ("kmsMasterKeyId",), tokens.KEY_ALIAS),
    (tokens.TOPIC, ("kmsMasterKeyId",), tokens.KEY_ALIAS),
    (tokens.SECRET, ("kmsKeyId",), tokens.KEY_ALIAS),
)


_DOCUMENTS: Final = frozenset(
    {"policy", "policyDocument", "assumeRolePolicy", "inlinePolicies", "grants"}
)
"""Inputs in which an ARN may be a pattern."""

_PLACEHOLDER: Final = re.compile(r"\{\w+\}")
"""What whoever reads the value fills in; no name on AWS has braces."""


def _check(root: Resource, context: Context) -> Judgement:
    del root
    graph = context.graph
    outside = context.words("outside")
    for mentioned in graph.mentioned:
        thing = mentioned.thing
        if thing is None:
            continue
        if "*" in mentioned.text and not _may_be_pattern(mentioned):
            yield Violation(
                resource=mentioned.holder,
                path=mentioned.path,
                found=mentioned.text,
                wanted="one resource",
            )
        if not _ours(graph, mentioned.holder, thing) or any(
            like(mentioned.text, p) for p in outside
        ):
            continue
        if graph.resolve(mentioned.text) is None and not _pattern_hits(graph, thing):
            yield Violation(
                resource=mentioned.holder,
                path=mentioned.path,
                found=f"{mentioned.text} is not in the program",
                wanted="a resource of the program, or the parameter `outside`",
            )
    for token, path, of in _PLAIN:
        for resource in graph.of(token):
            yield from _plain(graph, resource, path, of, outside)


def _may_be_pattern(mentioned: Mentioned) -> bool:
    """Whether it stands in a document, or in a component's own input: its children say the same."""
    of_aws = mentioned.holder.type.startswith("aws:")
    return not of_aws or mentioned.path.partition(".")[0] in _DOCUMENTS


def _ours(graph: Graph, holder: Resource, thing: Named) -> bool:
    if thing.token == tokens.KEY or "*" in thing.name:
        return False
    named_as_ours = f"{holder.project}-{holder.stack}" in thing.name
    return (bool(graph.of(thing.token)) or named_as_ours) and thing.account in (
        graph.account,
        "",
    )


def _pattern_hits(graph: Graph, thing: Named) -> bool:
    pattern = _PLACEHOLDER.sub("*", thing.name)
    return any(like(item.physical_name or "", pattern) for item in graph.of(thing.token))


def _plain(
    graph: Graph, resource: Resource, path: tuple[str, ...], of: str, outside: Sequence[str]
) -> Judgement:
    if not resource.known(*path):
        return
    name = resource.text(*path)
    if name is None or name.startswith(("arn:", "alias/aws/")):
        return
    if of == tokens.KEY_ALIAS and not name.startswith("alias/"):
        return
    if graph.resolve(name, of) is None and not any(like(name, item) for item in outside):
        yield Violation(
            resource=resource,
            path=".".join(path),
            found=f"{name} is not in the program",
            wanted="a resource of the program, or the parameter `outside`",
        )


CONTROL = Control(
    id="stack-reference-exists",
    title="What is named by its ARN or name exists in the program",
    why="Names that are put together from strings have no edge: a slip points to nothing, or to"
    " another stack, and the preview says nothing.",
    severity=Severity.HIGH,
    fix="Correct the name, or list resources of other programs in the parameter `outside`.",
    sources=("https://www.pulumi.com/docs/iac/concepts/resources/names/",),
    judges=(tokens.STACK,),
    reads={"*": ("*",)},
    check=_check,
    parameters=(
        Parameter(
            name="outside",
            default=[],
            schema={"type": "array", "items": {"type": "string"}},
            why="Patterns of ARNs and names that belong to other programs.",
        ),
    ),
)
