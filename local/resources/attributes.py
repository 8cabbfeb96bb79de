"""Resources whose properties are one map of text attributes, as queues and topics are."""

from collections.abc import Mapping
from typing import Any

from local.resources.kind import Properties


def text(value: Any) -> str:  # noqa: ANN401 - any scalar of JSON
    """A property as an attribute: booleans in lower case, numbers without a fraction."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def attributes(inputs: Properties, names: Mapping[str, str]) -> dict[str, str]:
    """The attributes that the inputs set, by AWS's names."""
    return {wanted: text(inputs[key]) for key, wanted in names.items() if key in inputs}


def differences(
    old: Properties,
    new: Properties,
    names: Mapping[str, str],
    defaults: Mapping[str, str],
) -> dict[str, str]:
    """The attributes to set so that a resource goes from `old` to `new`.

    One that `new` no longer has goes back to its default, which is nothing where `defaults` has
    none for it.
    """
    return {
        wanted: text(new[key]) if key in new else defaults.get(key, "")
        for key, wanted in names.items()
        if old.get(key) != new.get(key)
    }


def live(state: Properties, found: Mapping[str, str], names: Mapping[str, str]) -> Properties:
    """The properties of `state` as the attributes found say that they are."""
    return {
        key: _typed(found[wanted], state.get(key))
        for key, wanted in names.items()
        if wanted in found
    }


def _typed(value: str, like: Any) -> Any:  # noqa: ANN401 - any scalar of JSON
    """Text back as what the property holds: a boolean, a whole number or text."""
    if isinstance(like, bool):
        return value.lower() == "true"
    if isinstance(like, int) and value.isdigit():
        return int(value)
    return value
