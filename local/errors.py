"""Errors of the local system that a user can do something about: one clear line, no traceback."""


class LocalError(Exception):
    """The local system cannot do what it was asked for; the text says why and what to do."""


class EndedError(LocalError):
    """A part of the running system ended by itself."""


class AlreadyRunningError(LocalError):
    """The directory belongs to a system that is running."""


class NotRunningError(LocalError):
    """There is no running system to reach."""
