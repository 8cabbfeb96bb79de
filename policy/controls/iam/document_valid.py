from collections.abc import Iterable, Iterator, Mapping
from typing import Final, cast

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Undecided, Violation
from policy.documents import conditions, strings
from policy.iam.inputs import DOCUMENT_INPUTS, RESOURCE_DOCUMENT_INPUTS
from policy.resource import Resource

_IDENTITY_KEYS: Final = frozenset(
    {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
_RESOURCE_KEYS: Final = _IDENTITY_KEYS | {"Principal", "NotPrincipal"}
_VERSION: Final = "2012-10-17"
_EQUALITY: Final = ("equals", "notequals")
_ORDER: Final = (*_EQUALITY, "lessthan", "lessthanequals", "greaterthan", "greaterthanequals")
_LIKENESS: Final = (*_EQUALITY, "like", "notlike")
_TESTS: Final = frozenset(
    {
        *(f"string{test}" for test in (*_LIKENESS, "equalsignorecase", "notequalsignorecase")),
        *(f"arn{test}" for test in _LIKENESS),
        *(f"{kind}{test}" for kind in ("numeric", "date") for test in _ORDER),
        *("ipaddress", "notipaddress", "bool", "binaryequals"),
    }
)
_ABSENCE: Final = "null"
"""Whether a key is there: the one test that takes no `IfExists`."""
_MAY_BE_EMPTY: Final = "s3:prefix"
"""Empty where the whole bucket is listed."""


def _check(holder: Resource, context: Context) -> Judgement:
    del context
    for path in _documents(holder):
        if holder.known(*path):
            yield from _document(holder, path)
        else:
            yield Undecided(path=_shown(path))


def _documents(holder: Resource) -> Iterator[tuple[str | int, ...]]:
    """Where a resource has documents."""
    for name in ("policy", "assumeRolePolicy"):
        if holder.has(name):
            yield (name,)
    if holder.has("inlinePolicies"):
        known = holder.known("inlinePolicies")
        count = len(holder.items("inlinePolicies")) if known else 1
        yield from (("inlinePolicies", index, "policy") for index in range(count))


def _shown(path: Iterable[str | int]) -> str:
    return ".".join(map(str, path))


def _document(holder: Resource, path: tuple[str | int, ...]) -> Judgement:
    shown = _shown(path)
    document = holder.document(*path)
    if document is None:
        yield Violation(path=shown, found="no JSON object", wanted="a policy document")
        return
    if document.get("Version") != _VERSION:
        found = str(document.get("Version"))
        yield Violation(path=f"{shown}.Version", found=found, wanted=_VERSION)
    entries = document.get("Statement")
    listed = cast("list[object]", entries) if isinstance(entries, list) else [entries]
    if not listed:
        yield Violation(path=f"{shown}.Statement", found="no statement", wanted="one at least")
    trust = path == ("assumeRolePolicy",)
    identity = not trust and holder.type in _IDENTITY
    # A trust and a repository's policy are about what they stand on.
    about_itself = trust or holder.type == tokens.REPOSITORY_POLICY
    for index, entry in enumerate(listed):
        for problem in _statement(entry, identity=identity, about_itself=about_itself):
            yield Violation(
                path=f"{shown}.Statement[{index}]",
                found=problem,
                wanted="a statement with Effect, Action and what else it needs",
            )


_IDENTITY: Final = frozenset(
    {
        tokens.ROLE,
        tokens.ROLE_POLICY,
        tokens.MANAGED_POLICY,
        tokens.USER_POLICY,
        tokens.GROUP_POLICY,
    }
)


def _statement(entry: object, *, identity: bool, about_itself: bool) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield "no object"
        return
    statement = cast("Mapping[str, object]", entry)
    others = set(statement) - (_IDENTITY_KEYS if identity else _RESOURCE_KEYS)
    if others:
        yield f"unknown key {', '.join(sorted(others))}"
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield f"Effect {statement.get('Effect')}"
    if not (strings(statement.get("Action")) or strings(statement.get("NotAction"))):
        yield "no Action"
    if not about_itself and not (
        strings(statement.get("Resource")) or strings(statement.get("NotResource"))
    ):
        yield "no Resource"
    if not identity and not ({"Principal", "NotPrincipal"} & set(statement)):
        yield "no Principal"
    yield from _conditions(statement.get("Condition"))


def _conditions(block: object) -> Iterator[str]:
    for condition in conditions(block):
        test = condition.operator.lower().removeprefix("forallvalues:").removeprefix("foranyvalue:")
        if test != _ABSENCE and test.removesuffix("ifexists") not in _TESTS:
            yield f"condition operator {condition.operator}"
        empty = "" in condition.values and condition.key != _MAY_BE_EMPTY
        if ":" not in condition.key or not condition.values or empty:
            yield f"condition {condition.operator} on {condition.key} without a value"


CONTROL = Control(
    id="iam-document-valid",
    title="A policy document is one",
    why="AWS refuses it during the deployment, or reads the old language without variables.",
    severity=Severity.HIGH,
    fix="Correct the document; Version is 2012-10-17.",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT, tokens.RESOURCE_DOCUMENT, tokens.ROLE),
    reads={
        **DOCUMENT_INPUTS,
        **RESOURCE_DOCUMENT_INPUTS,
        tokens.ROLE: ("assumeRolePolicy", "inlinePolicies"),
    },
    check=_check,
)
