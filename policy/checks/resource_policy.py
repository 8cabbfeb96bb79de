"""Questions that are asked of every resource policy: of queues, topics, keys, repositories."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from policy.arns import parse_arn
from policy.control import Context, Judgement, Parameter, Violation
from policy.documents import Condition, Statement
from policy.graph import Graph
from policy.patterns import is_pattern, like
from policy.resource import Resource
from policy.views.policies import Placed, placed_in, policy_of

LIMITS: Final = (
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "kms:CallerAccount",
)
"""Condition keys that tie a statement to known callers, as AWS's own checks of public access do.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-bpa-rbp.html
"""

_SOURCES: Final = ("aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID")


def missing_tls(graph: Graph, resource: Resource, actions: Sequence[str]) -> Iterator[Violation]:
    """A violation unless everybody is denied every one of the actions without TLS."""
    denials = [item.statement for item in policy_of(graph, resource) if _denies_plain(item)]
    about = [item for item in denials if names(item, resource)]
    open_actions = [action for action in actions if not any(item.covers(action) for item in about)]
    if open_actions:
        yield Violation(
            path="policy",
            found=f"{', '.join(open_actions)} without TLS is not denied",
            wanted="Deny for Principal * when aws:SecureTransport is false",
        )


def _denies_plain(placed: Placed) -> bool:
    statement = placed.statement
    everybody = "*" in statement.principals.get("AWS", ())
    if statement.allows or not everybody or len(statement.conditions) != 1:
        return False
    condition = statement.conditions[0]
    return (
        condition.test in ("bool", "boolifexists")
        and condition.key == "aws:securetransport"
        and condition.values == ("false",)
    )


def names(statement: Statement, resource: Resource) -> bool:
    """Whether a statement of a queue's or topic's own policy is about it."""
    name = resource.physical_name
    if statement.not_resources:
        return False
    return any(name is None or like(name, item.rsplit(":", 1)[-1]) for item in statement.resources)


def publicly_allowed(holder: Resource, context: Context) -> Judgement:
    """Every statement of a document that lets anybody in, without a condition on the caller."""
    del context
    for placed in placed_in(holder):
        statement = placed.statement
        if statement.allows and statement.anyone and not statement.bound_by(*LIMITS):
            yield Violation(
                path=placed.path,
                found=f"everybody may {', '.join(statement.actions or ('*',))}",
                wanted="named principals, or a condition on the caller",
            )


ACCOUNTS: Final = Parameter(
    name="accounts",
    default=[],
    schema={"type": "array", "items": {"type": "string", "pattern": r"^\d{12}$"}},
    why="Foreign accounts that may be let in.",
)

_CALLING: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:sourceaccount",
        "aws:sourcearn",
        "kms:calleraccount",
    }
)


def foreign_accounts(holder: Resource, context: Context) -> Judgement:
    """Every statement of a document that lets in an account that is neither ours nor listed."""
    for placed in placed_in(holder):
        statement = placed.statement
        if not statement.allows:
            continue
        let_in = (
            *statement.principals.get("AWS", ()),
            *(
                value
                for condition in statement.conditions
                if condition.key in _CALLING and "not" not in condition.test
                for value in condition.values
            ),
        )
        for text in let_in:
            yield from foreign(text, placed.path, context)


def foreign(text: str, path: str, context: Context) -> Judgement:
    """A violation where an ARN or an account's number is of an account that is not ours."""
    own, account = context.graph.account, _account(text)
    if account is not None and account not in (own, *context.words(ACCOUNTS.name)):
        yield Violation(
            path=path,
            found=f"account {account} is let in",
            wanted=f"account {own or 'of the stack'} or one of the parameter `{ACCOUNTS.name}`",
        )


def _account(text: str) -> str | None:
    """The account that an ARN or a bare number names."""
    arn = parse_arn(text)
    account = arn.account if arn else text
    return account if account.isdigit() and len(account) == _ACCOUNT_DIGITS else None


_ACCOUNT_DIGITS: Final = 12


def star_actions(holder: Resource, context: Context) -> Judgement:
    """Every statement of a document that allows actions by a pattern."""
    del context
    for placed in placed_in(holder):
        statement = placed.statement
        stars = [item for item in statement.actions if is_pattern(item)]
        if statement.allows and (stars or statement.not_actions):
            yield Violation(
                path=placed.path,
                found=f"allows {', '.join(stars) or 'all but NotAction'}",
                wanted="the actions that the principal needs, by name",
            )


def unbound_services(
    holder: Resource, context: Context, keys: Sequence[str] = _SOURCES
) -> Judgement:
    """Every statement that lets an AWS service in on behalf of whoever asks it to."""
    del context
    for placed in placed_in(holder):
        statement = placed.statement
        if statement.allows and statement.services() and not statement.bound_by(*keys):
            yield Violation(
                path=placed.path,
                found=f"{', '.join(statement.services())} acts for any account",
                wanted=f"a condition on {' or '.join(keys)}",
            )


def closes(statement: Statement, resource: Resource, action: str, keys: Collection[str]) -> bool:
    """Whether a denial leaves an action on a resource to callers named under these keys only."""
    return (
        not statement.allows
        and statement.anyone
        and statement.covers(action)
        and names(statement, resource)
        and all(_exempts_named(condition, keys) for condition in statement.conditions)
    )


def _exempts_named(condition: Condition, keys: Collection[str]) -> bool:
    if condition.key == AWS_SERVICE:
        return condition.test == "bool" and condition.values == ("false",)
    negated = "not" in condition.test
    return condition.key in keys and negated and not any(map(is_pattern, condition.values))


AWS_SERVICE: Final = "aws:principalisawsservice"
"""The condition key that tells AWS's own services from other callers."""
