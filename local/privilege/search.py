"""Look for numbers in everything that a run has written."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

LONG = 12
"""Digits or letters from which on nothing else is like it by chance."""


def found_in(
    secrets: Iterable[str], texts: Mapping[str, str], directory: Path
) -> list[tuple[str, str]]:
    """Where which secret stands: the place, and the secret.

    Short numbers count only where they stand alone: nine digits in a row are in many a time.
    """
    wanted = list(dict.fromkeys(secrets))
    patterns = [re.escape(one) for one in wanted if len(one) >= LONG]
    patterns += [rf"(?<![\w.]){one}(?!\w)" for one in wanted if len(one) < LONG]
    look = re.compile("|".join(patterns))
    return [
        (place, match.group())
        for place, text in _everything(texts, directory)
        for match in look.finditer(text)
    ]


def _everything(texts: Mapping[str, str], directory: Path) -> Iterator[tuple[str, str]]:
    yield from texts.items()
    for file in sorted(directory.rglob("*")):
        if file.is_file():
            yield str(file.relative_to(directory)), file.read_text(errors="replace")
