"""What may go wrong with an operator's command, each with the exit code that a script sees."""

from enum import IntEnum
from typing import ClassVar


class Exit(IntEnum):
    """Exit codes. Typer itself ends with 2 on wrong arguments."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_WELL = 3
    NOT_CONFIRMED = 4
    NOT_SEEN = 5
    REFUSED = 6


class ControlError(Exception):
    """A command that did not come to its end; the text says why and what to do."""

    code: ClassVar[Exit] = Exit.FAILED


class UsageError(ControlError):
    """An argument that means nothing here."""

    code = Exit.USAGE


class NotConfirmedError(ControlError):
    """The operator did not say yes, or nobody was there to be asked."""

    code = Exit.NOT_CONFIRMED


class NotSeenError(ControlError):
    """The command is on its way and its effect was not seen in the time given."""

    code = Exit.NOT_SEEN


class OpenedAgainError(ControlError):
    """The service was resumed, and its circuit opened again before the effect could be seen."""

    code = Exit.NOT_WELL


class RefusedError(ControlError):
    """The manager would refuse it, as things stand."""

    code = Exit.REFUSED
