"""Values as a preview gives them: plain data in which some places are not known yet."""

from collections.abc import Mapping, Sequence
from typing import Final, cast, final


@final
class Unknown:
    """The one value that stands where a preview does not know the value yet."""

    def __repr__(self) -> str:
        return "(not known before the resource exists)"


UNKNOWN: Final = Unknown()

_SENTINELS: Final = frozenset(
    {
        # pulumi sdk/go/common/resource/plugin/rpc.go: boolean, number, string, array, asset,
        # archive, object.
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 (a marker of the wire format)
_REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def plain(value: object) -> object:
    """Turns a value of Pulumi's wire format into plain data.

    Secrets are unwrapped, whole numbers become integers (the wire has floats only), a resource
    passed as a value becomes its URN, and what is not known becomes `UNKNOWN`.
    """
    if isinstance(value, str):
        return UNKNOWN if value in _SENTINELS else value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return _plain_mapping(value)
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    return value


def _plain_mapping(value: Mapping[str, object]) -> object:
    signature = value.get(_SIGNATURE)
    if signature is None:
        return {key: plain(item) for key, item in value.items()}
    if signature in (_SECRET, _OUTPUT):
        # A state file holds the ciphertext of a secret only, an unresolved output no value.
        return plain(value["value"]) if "value" in value else UNKNOWN
    if signature == _REFERENCE:
        return value.get("urn")
    return {key: plain(item) for key, item in value.items() if key != _SIGNATURE}


def mapping_of(value: object) -> Mapping[str, object]:
    """The object that a value is, empty where it is none."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def list_of(value: object) -> Sequence[object]:
    """The list that a value is, empty where it is none."""
    return cast("Sequence[object]", value) if isinstance(value, list) else ()


def texts(value: object) -> tuple[str, ...]:
    """The strings of a list."""
    return tuple(item for item in list_of(value) if isinstance(item, str))


def brief(value: object, limit: int = 160) -> str:
    """The value as one line of text for a report, cut at `limit` characters."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
