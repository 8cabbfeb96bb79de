"""All tables of cases together: every module in here that has one."""

import importlib
from collections.abc import Iterator
from pathlib import Path

from tests.policy.cases import Case

HERE = Path(__file__).parent


def cases() -> Iterator[Case]:
    for path in sorted(HERE.rglob("*.py")):
        if path.stem not in ("tables", "test_controls"):
            name = ".".join(path.relative_to(HERE).with_suffix("").parts)
            yield from getattr(importlib.import_module(f"{__package__}.{name}"), "CASES", ())


CASES = tuple(cases())
