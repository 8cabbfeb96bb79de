from collections.abc import Callable
from types import ModuleType
from typing import Any

from local.emulator.errors import SeamError

Untyped = Any  # what the emulator's own functions take and give: it has no types


def private(module: ModuleType, name: str) -> Untyped:
    """A name of the emulator that is no public one.

    Raises:
        SeamError: it is gone, so the pinned version has moved and the gap must be looked at again.
    """
    found = getattr(module, name, None)
    if found is None:
        raise SeamError(
            f"{module.__name__}.{name} is gone: look at every gap before moving the pin"
        )
    return found


def wrap(module: ModuleType, name: str, around: Callable[[Callable[..., Any]], Untyped]) -> None:
    """Put `around(original)` in the place of a function of the emulator."""
    original = private(module, name)
    if not callable(original):
        raise SeamError(f"{module.__name__}.{name} is no function any more")
    setattr(module, name, around(original))
