"""Pulumi's property values, from and to the form that they have on Pulumi's wire."""

from typing import Any

from google.protobuf import json_format, struct_pb2

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Stands for a value that is not known before something is created."""

# sdk/go/common/resource/sig/sig.go: how values that JSON has no word for are marked.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark of one, not one
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

Properties = dict[str, Any]


def from_struct(struct: struct_pb2.Struct) -> Properties:
    """Properties as plain values: secrets opened, whole numbers as integers, unknowns marked."""
    return _plain(json_format.MessageToDict(struct))


def to_struct(properties: Properties) -> struct_pb2.Struct:
    """Plain values in the form of the wire."""
    struct = struct_pb2.Struct()
    struct.update(properties)
    return struct


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of JSON
    if isinstance(value, dict):
        mark = value.get(_SIGNATURE)
        if mark in (_SECRET, _OUTPUT):
            return _plain(value.get("value", UNKNOWN))
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
