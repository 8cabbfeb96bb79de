"""DynamoDB items as plain Python dictionaries, and back.

boto3's own serializer refuses floats and imports its resource layer; times here are floats and
every import is paid at cold start. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

from collections.abc import Mapping
from typing import Any

Value = str | int | float | bool | frozenset[str] | None
Attributes = dict[str, Any]


def to_attribute(value: Value) -> dict[str, Any]:
    """The AttributeValue of one plain value. An empty set has none: DynamoDB refuses it."""
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int():
            return {"N": str(value)}
        case float():
            return {"N": f"{value:.6f}"}
        case frozenset():
            return {"SS": sorted(value)}
        case None:
            return {"NULL": True}


def to_item(values: Mapping[str, Value]) -> Attributes:
    """A DynamoDB item; absent values (None, empty sets) are left out."""
    return {
        key: to_attribute(value)
        for key, value in values.items()
        if value is not None and value != frozenset()
    }


def from_item(item: Mapping[str, Mapping[str, Any]]) -> dict[str, Value]:
    """The plain values of a DynamoDB item."""
    return {key: _from_attribute(attribute) for key, attribute in item.items()}


def _from_attribute(attribute: Mapping[str, Any]) -> Value:
    kind, value = next(iter(attribute.items()))
    match kind:
        case "N":
            return float(value) if "." in value or "e" in value.lower() else int(value)
        case "SS":
            return frozenset(value)
        case "NULL":
            return None
        case _:
            return value
