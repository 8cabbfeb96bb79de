"""Grants taken apart: one action on one resource under one choice of each condition."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from local.emulator.judge import Request, Statement
from local.emulator.judge.conditions import met
from local.emulator.record import Use
from local.privilege.account import Account, Documents


@dataclass(frozen=True, kw_only=True)
class Part:
    """The smallest piece of a grant that could be taken away.

    Attributes:
        holder: The role that has it, or the resource whose policy says it.
        principal: Who may: the role, or the service that the resource's policy names.
    """

    holder: str
    principal: str
    statement: Statement

    @property
    def action(self) -> str:
        """The one action."""
        return self.statement.actions[0]

    @property
    def resource(self) -> str:
        """The one resource, or the pattern."""
        return self.statement.resources[0]

    def lets(self, use: Use) -> bool:
        """Whether it is what let a call pass."""
        return self.allows(as_request(use))

    def allows(self, request: Request) -> bool:
        """Whether it is what lets a request pass."""
        return (
            request.principal == self.principal
            and self.statement.covers(request.action, request.resource)
            and met(self.statement, request.full_context())
        )

    def __str__(self) -> str:
        """Who, what, on what and under which conditions, for a finding."""
        chosen = ", ".join(
            f"{key} {'/'.join(values)}" for _, key, values in self.statement.conditions
        )
        who = self.principal.rsplit("/", 1)[-1]
        return f"{who}: {self.action} on {self.resource}" + (f" ({chosen})" if chosen else "")


def as_request(use: Use) -> Request:
    """A call of a record, to be judged again."""
    return Request(
        principal=use.principal,
        action=use.action,
        resource=use.resource,
        context=dict(use.context),
    )


def parts_of_roles(account: Account) -> list[Part]:
    """All parts of all roles' own policies."""
    return [
        Part(holder=role, principal=role, statement=single)
        for role, documents in account.roles.items()
        for single in _singles(documents)
    ]


def parts_of_keys(account: Account) -> list[Part]:
    """What AWS's own services may do with the stack's keys."""
    return [
        Part(holder=key, principal=principal, statement=single)
        for key in account.keys
        for statement in account.resources[key] or ()
        for principal in statement.principals or ()
        if principal.endswith(".amazonaws.com")
        for single in _singles((statement,))
    ]


def taken_apart(account: Account) -> Account:
    """The same system with each role's grants as parts: it allows exactly the same."""
    return replace(
        account,
        roles={role: tuple(_singles(documents)) for role, documents in account.roles.items()},
        resources={
            arn: tuple(_singles(own)) if arn in account.keys and own else own
            for arn, own in account.resources.items()
        },
    )


def _singles(documents: Documents) -> Iterator[Statement]:
    for statement in documents:
        if not statement.allow:
            yield statement
            continue
        choices = product(
            statement.actions,
            statement.resources,
            *(
                [(operator, key, (value,)) for value in values]
                for operator, key, values in statement.conditions
            ),
        )
        for action, resource, *conditions in choices:
            yield replace(
                statement,
                actions=(action,),
                resources=(resource,),
                conditions=tuple(conditions),
            )
