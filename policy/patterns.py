"""Texts with wildcards, as policies of AWS and parameters of controls have them."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase, translate
from typing import Final

_RUN: Final = re.compile(r"[*?]*\*[*?]*")


def collapsed(pattern: str) -> str:
    """A pattern with each run of wildcards as one `*`: `**` and `?*` leave out nothing either."""
    return _RUN.sub("*", pattern)


def like(text: str, pattern: str) -> bool:
    """Whether a text is like a pattern, in which `*` and `?` are special and nothing else."""
    return fnmatchcase(text, _without_sets(pattern))


def expression(pattern: str) -> re.Pattern[str]:
    """A pattern as a regular expression."""
    return re.compile(translate(_without_sets(pattern)))


def _without_sets(pattern: str) -> str:
    """A shell's pattern: it takes a bracket for a set, which a policy takes for a bracket."""
    return pattern.replace("[", "[[]")


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
                self._patterns.append(_without_sets(text))
            else:
                self._exact.add(text)

    def __contains__(self, text: str) -> bool:
        """Whether the text is one of them or like a pattern."""
        return text in self._exact or any(fnmatchcase(text, item) for item in self._patterns)
