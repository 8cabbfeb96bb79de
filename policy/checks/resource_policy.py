"""Questions that are asked of every resource policy: of queues, topics, keys, repositories."""

from collections.abc import Iterator, Sequence
from typing import Final

from policy.arns import parse_arn
from policy.control import Violation
from policy.documents import Statement
from policy.graph import Graph, Resource
from policy.views.account import own_account
from policy.views.queues import Placed, placed_in, policy_of

LIMITS: Final = (
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "kms:CallerAccount",
)
"""Condition keys that tie a statement to known callers (IAM guide, global condition keys)."""

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
    if statement.allows or not statement.anyone or len(statement.conditions) != 1:
        return False
    condition = statement.conditions[0]
    return (
        condition.operator.lower() == "bool"
        and condition.key == "aws:securetransport"
        and condition.values == ("false",)
    )


def names(statement: Statement, resource: Resource) -> bool:
    """Whether a statement of a resource's own policy is about that resource."""
    name = resource.physical_name
    if statement.not_resources:
        return False
    return any(
        item == "*" or name is None or item.endswith((f":{name}", f"/{name}"))
        for item in statement.resources
    )


def publicly_allowed(graph: Graph, holder: Resource) -> Iterator[Violation]:
    """Every statement of a document that lets anybody in, without a condition on the caller."""
    for placed in placed_in(graph, holder):
        statement = placed.statement
        if statement.allows and statement.anyone and not statement.narrowed_by(*LIMITS):
            yield Violation(
                path=placed.path,
                found=f"everybody may {', '.join(statement.actions or ('*',))}",
                wanted="named principals, or a condition on the caller",
            )


def foreign_accounts(graph: Graph, holder: Resource, trusted: Sequence[str]) -> Iterator[Violation]:
    """Every statement of a document that lets in an account other than ours."""
    own = own_account(graph)
    for placed in placed_in(graph, holder):
        statement = placed.statement
        principals = statement.principals.get("AWS", ()) if statement.allows else ()
        callers = [
            value
            for condition in statement.conditions
            if condition.key in {"aws:principalaccount", "aws:sourceaccount", "aws:principalarn"}
            for value in condition.values
            if statement.allows
        ]
        for text in (*principals, *callers):
            account = _account(text)
            if account is not None and account != own and account not in trusted:
                yield Violation(
                    path=placed.path,
                    found=f"account {account} is let in",
                    wanted=f"account {own or 'of the stack'} or one of the parameter `accounts`",
                )


def _account(text: str) -> str | None:
    arn = parse_arn(text)
    account = arn.account if arn else text
    return account if account.isdigit() and len(account) == _ACCOUNT_DIGITS else None


_ACCOUNT_DIGITS: Final = 12


def star_actions(graph: Graph, holder: Resource) -> Iterator[Violation]:
    """Every statement of a document that allows all actions of the service."""
    for placed in placed_in(graph, holder):
        statement = placed.statement
        stars = [item for item in statement.actions if item == "*" or item.endswith(":*")]
        if statement.allows and (stars or statement.not_actions):
            yield Violation(
                path=placed.path,
                found=f"allows {', '.join(stars) or 'all but NotAction'}",
                wanted="the actions that the principal needs, by name",
            )


def unbound_services(
    graph: Graph, holder: Resource, keys: Sequence[str] = _SOURCES
) -> Iterator[Violation]:
    """Every statement that lets an AWS service in on behalf of whoever asks it to."""
    for placed in placed_in(graph, holder):
        statement = placed.statement
        if statement.allows and statement.services() and not statement.narrowed_by(*keys):
            yield Violation(
                path=placed.path,
                found=f"{', '.join(statement.services())} acts for any account",
                wanted=f"a condition on {' or '.join(keys)}",
            )
