"""The system where a role may do more than it was given."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.emulator.judge import statements
from local.privilege.account import Account


def with_grant(account: Account, role: str, statement: Mapping[str, Any]) -> Account:
    """The same system where a role was given one more statement."""
    more = statements({"Statement": [statement]})
    return replace(account, roles={**account.roles, role: (*account.roles[role], *more)})
