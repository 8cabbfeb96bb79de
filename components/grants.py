"""Permissions as values: a role is a list of grants, a policy document is made from them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]

POLICY_VERSION = "2012-10-17"
"""The only current version of the policy language."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a role may do: these actions on these resources, under these conditions.

    `why` is for people; it goes to policies and into the generated table, not to AWS.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    why: str
    conditions: Conditions = field(default_factory=dict[str, dict[str, str]])

    def statement(self) -> dict[str, Any]:
        """The grant as a statement of an identity policy."""
        statement: dict[str, Any] = {
            "Effect": "Allow",
            "Action": list(self.actions),
            "Resource": list(self.resources),
        }
        if self.conditions:
            statement["Condition"] = self.conditions
        return statement

    def as_input(self) -> dict[str, Any]:
        """The grant as the input of a component, where a policy can read it."""
        return {
            "actions": list(self.actions),
            "resources": list(self.resources),
            "conditions": {test: dict(keys) for test, keys in self.conditions.items()},
            "why": self.why,
        }


def only_keys(test: str, *keys: str) -> Conditions:
    """Items of a table with these partition keys only.

    A set operator with ForAllValues also holds where the request has no keys at all, so it is said
    that it must have some (IAM guide, "Set operators for multi-valued context keys").
    """
    return {
        f"ForAllValues:{test}": {"dynamodb:LeadingKeys": list(keys)},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }


def document(statements: Iterable[Mapping[str, Any]]) -> str:
    """A policy document as the plain string that AWS takes."""
    return json.dumps({"Version": POLICY_VERSION, "Statement": list(statements)})


def role_policy(grants: Iterable[Grant]) -> str:
    """The inline policy of a role."""
    return document(grant.statement() for grant in grants)


def trust_policy(service: str, conditions: Conditions | None = None) -> str:
    """Who may take on a role: one AWS service, under the given conditions."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    if conditions:
        statement["Condition"] = conditions
    return document([statement])
