from collections.abc import Sequence

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Undecided, Violation
from policy.documents import Statement
from policy.iam.grants import Grant, OpenGrant, component_grants, grants_in, policies_within
from policy.iam.inputs import DOCUMENT_INPUTS
from policy.resource import Resource


def _check(component: Resource, context: Context) -> Judgement:
    if not component.has("grants") or component.has("policy"):
        return
    graph = context.graph
    said = component_grants(component)
    known = [grant for grant in said if isinstance(grant, Grant)]
    written: list[Grant] = []
    for holder in policies_within(graph, component):
        for grant in grants_in(graph, holder):
            if isinstance(grant, OpenGrant):
                yield Undecided(resource=holder, path=grant.path)
                return
            written.append(grant)
    yield from _missing(known, written, component)
    for grant in written:
        if not any(_same(grant.statement, other.statement) for other in known):
            yield Violation(
                resource=grant.holder,
                path=grant.path,
                found=f"{_shown(grant.statement)}, which the component's grants do not have",
                wanted="the component's grants",
            )


def _missing(known: Sequence[Grant], written: Sequence[Grant], component: Resource) -> Judgement:
    for grant in known:
        if not any(_same(grant.statement, other.statement) for other in written):
            yield Violation(
                resource=component,
                path=grant.path,
                found=f"{_shown(grant.statement)} is in no policy of the component's role",
                wanted="a statement for each grant",
            )


def _same(one: Statement, other: Statement) -> bool:
    return (
        one.allows == other.allows
        and set(one.actions) == set(other.actions)
        and set(one.resources) == set(other.resources)
        and _rules(one) == _rules(other)
        and (one.not_actions, one.not_resources) == (other.not_actions, other.not_resources)
    )


def _rules(statement: Statement) -> set[tuple[str, str, frozenset[str]]]:
    return {(item.operator, item.key, frozenset(item.values)) for item in statement.conditions}


def _shown(statement: Statement) -> str:
    return f"{', '.join(statement.actions)} on {', '.join(statement.resources)}"


CONTROL = Control(
    id="iam-grants-match",
    title="A role's policy is what its component says that it grants",
    why="Reviewers and policies read the component's grants, which are known before anything"
    " exists; a policy that says something else is not what was reviewed.",
    severity=Severity.HIGH,
    fix="Make the policy from the grants that the component passes as its input.",
    sources=("https://www.pulumi.com/docs/iac/concepts/components/",),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads={
        **DOCUMENT_INPUTS,
        tokens.ROLE: ("name", "inlinePolicies"),
        tokens.ROLE_POLICY: ("policy", "role"),
    },
    check=_check,
)
