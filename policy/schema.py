"""The part of JSON Schema that the settings of controls use."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, cast

_Schema = Mapping[str, object]

_TYPES: Final[Mapping[str, Callable[[object], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    # CrossGuard hands integers over as floats.
    "integer": lambda value: _is_number(value) and float(cast("float", value)).is_integer(),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def problems(value: object, schema: _Schema) -> Iterator[str]:
    """What is wrong with a value, nothing where it fits."""
    kind = cast("str | None", schema.get("type"))
    if kind is not None and not _TYPES[kind](value):
        yield f"expected {kind}, got {value!r}"
        return
    allowed = schema.get("enum")
    if isinstance(allowed, list) and value not in allowed:
        yield f"expected one of {', '.join(map(str, cast('list[object]', allowed)))}, got {value!r}"
    if isinstance(value, str):
        yield from _text_problems(value, schema)
    elif isinstance(value, dict):
        yield from _object_problems(cast("dict[str, object]", value), schema)
    elif isinstance(value, list):
        items = cast("_Schema", schema.get("items", {}))
        for index, item in enumerate(cast("list[object]", value)):
            yield from (f"[{index}] {problem}" for problem in problems(item, items))
    elif _is_number(value):
        yield from _number_problems(cast("float", value), schema)


def _text_problems(value: str, schema: _Schema) -> Iterator[str]:
    shortest = cast("int", schema.get("minLength", 0))
    if len(value.strip()) < shortest:
        yield f"expected at least {shortest} characters, got {value!r}"
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and not re.search(pattern, value):
        yield f"expected text like {pattern}, got {value!r}"


def _number_problems(value: float, schema: _Schema) -> Iterator[str]:
    lowest, highest = schema.get("minimum"), schema.get("maximum")
    if isinstance(lowest, int | float) and value < lowest:
        yield f"expected at least {lowest}, got {value}"
    if isinstance(highest, int | float) and value > highest:
        yield f"expected at most {highest}, got {value}"


def _object_problems(value: Mapping[str, object], schema: _Schema) -> Iterator[str]:
    properties = cast("Mapping[str, _Schema]", schema.get("properties", {}))
    others = schema.get("additionalProperties", {})
    for name in cast("list[str]", schema.get("required", [])):
        if name not in value:
            yield f"{name} is missing"
    for name, item in value.items():
        if name in properties:
            yield from (f"{name}: {problem}" for problem in problems(item, properties[name]))
        elif others is False:
            yield f"{name}: no such setting"
        elif isinstance(others, dict):
            others_schema = cast("_Schema", others)
            yield from (f"{name}: {problem}" for problem in problems(item, others_schema))
