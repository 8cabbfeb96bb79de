"""Values that say the same in other words."""

import json
from typing import Any


def same(one: Any, other: Any) -> bool:  # noqa: ANN401 - any value of JSON
    """Whether two values mean the same: documents may differ in white space and order of keys."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other or _document(one) == _document(other)
    return one == other


def kept(old: Any, live: Any) -> Any:  # noqa: ANN401 - any value of JSON
    """The old value where the live one says the same, else the live one.

    The same is also a list in another order, and a structure in which AWS has filled in what was
    left out.
    """
    if isinstance(old, str) and isinstance(live, str):
        return old if same(old, live) else live
    if isinstance(old, list) and isinstance(live, list):
        return old if sorted(map(repr, old)) == sorted(map(repr, live)) else live
    if isinstance(old, dict) and isinstance(live, dict):
        return {key: kept(value, live.get(key)) for key, value in old.items()}
    return live


def _document(text: str) -> Any:  # noqa: ANN401 - any value of JSON
    try:
        return json.loads(text) if text[:1] in ("{", "[") else text
    except ValueError:
        return text
