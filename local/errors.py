"""Errors of the local system that a user can do something about: one clear line, no traceback."""

OURS = {"local", "components"}
"""Packages whose errors say what to do."""


class LocalError(Exception):
    """The local system cannot do what it was asked for; the text says why and what to do."""


class EndedError(LocalError):
    """A part of the running system ended by itself."""


class AlreadyRunningError(LocalError):
    """The directory belongs to a system that is running."""


class NotRunningError(LocalError):
    """There is no running system to reach."""


def says_what_to_do(error: Exception) -> bool:
    """Whether the text is enough for the user; by name: each run imports the program anew."""
    return type(error).__module__.partition(".")[0] in OURS
