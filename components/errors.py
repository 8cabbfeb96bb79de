"""The errors of the program, told apart by type.

ProgramError
├── SettingsError       a setting breaks a rule
├── NoAccountError      there are no credentials that say which account they belong to
└── WrongAccountError   the credentials belong to another account than the stack
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi


class ProgramError(pulumi.RunError):
    """Stops the program before any resource; the engine shows its text without a traceback."""


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One wrong setting: which one, what it holds, and the rule that it breaks."""

    key: str
    value: object
    rule: str

    def __str__(self) -> str:
        return f"{self.key} = {self.value!r}: {self.rule}"


class SettingsError(ProgramError):
    """At least one setting breaks a rule; `violations` holds all of them."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = tuple(violations)
        lines = "\n".join(f"  {violation}" for violation in self.violations)
        super().__init__(f"The stack's settings are wrong:\n{lines}")


class NoAccountError(ProgramError):
    """Nobody can say which account the credentials at hand belong to."""

    def __init__(self, expected: str, reason: str) -> None:
        super().__init__(f"accountId = {expected!r}, but the credentials say no account: {reason}")


class WrongAccountError(ProgramError):
    """The credentials at hand are not those of the account that the stack names."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"accountId = {expected!r}, but the credentials belong to {found!r}")
