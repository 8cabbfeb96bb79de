"""Texts with wildcards, as policies of AWS and parameters of controls have them."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final

_RUN: Final = re.compile(r"[*?]*\*[*?]*")


def collapsed(pattern: str) -> str:
    """A pattern with each run of wildcards as one `*`: `**` and `?*` leave out nothing either."""
    return _RUN.sub("*", pattern)


def is_pattern(text: str) -> bool:
    """Whether a text of a policy has wildcards in it."""
    return "*" in text or "?" in text


class Patterns:
    """Several texts and patterns; what has no wildcard is found without a search."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._exact: set[str] = set()
        self._patterns: list[str] = []
        for text in texts:
            if is_pattern(text):
                self._patterns.append(text)
            else:
                self._exact.add(text)

    def __contains__(self, text: str) -> bool:
        """Whether the text is one of them or like a pattern."""
        return text in self._exact or any(fnmatchcase(text, item) for item in self._patterns)
