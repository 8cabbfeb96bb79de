from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.project import ROOT


@dataclass(frozen=True, kw_only=True)
class Code:
    """What a worker imports: `module.attribute`, found under a folder."""

    handler: str
    root: Path


Resolver = Callable[[Mapping[str, str]], Code]


def handler_of_service(environment: Mapping[str, str]) -> Code:
    """The project's own handlers: the variable SERVICE of a function says which.

    Raises:
        KeyError: the function has no such variable.
    """
    service = environment["SERVICE"].replace("-", "_")
    return Code(handler=f"handlers.{service}.app.handler", root=ROOT)
