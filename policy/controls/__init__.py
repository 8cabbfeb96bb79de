"""Every control of the pack, one a file; the catalogue is made from the files."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from types import ModuleType

from policy.control import Control


@cache
def catalogue() -> tuple[Control, ...]:
    """All controls, by id.

    Raises:
        ValueError: two controls have one id.
        TypeError: a file has no control.
    """
    found = sorted(_controls(), key=lambda control: control.id)
    for first, second in pairwise(found):
        if first.id == second.id:
            raise ValueError(f"two controls are called {first.id}")
    return tuple(found)


def _controls() -> Iterator[Control]:
    for service in pkgutil.iter_modules(__path__):
        package = importlib.import_module(f"{__name__}.{service.name}")
        for module in pkgutil.iter_modules(package.__path__):
            yield control_in(importlib.import_module(f"{package.__name__}.{module.name}"))


def control_in(module: ModuleType) -> Control:
    """The control that a module defines as `CONTROL`."""
    control = getattr(module, "CONTROL", None)
    if not isinstance(control, Control):
        raise TypeError(f"{module.__name__} has no control")
    return control
