"""One resource of a program as a preview shows it: inputs, some not known yet, and edges."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from policy.values import UNKNOWN, Unknown, list_of, mapping_of


class NotKnownError(Exception):
    """A control needs a value that this preview does not know.

    Attributes:
        resource: URN of the resource that holds the property.
        path: the property, dotted.
    """

    def __init__(self, resource: "Resource", path: Iterable[str | int]) -> None:
        self.resource = resource.urn
        self.path = ".".join(str(part) for part in path)
        super().__init__(f"{self.path} of {resource.name} is not known yet")


@dataclass(frozen=True, kw_only=True, eq=False)
class Resource:
    """One resource: its inputs as the program gave them and its edges to other resources.

    Attributes:
        inputs: by wire name (camelCase); `UNKNOWN` stands for what is not known.
        edges: URNs of the resources that an input was made from, by input.
        depends_on: URNs of every resource that this one waits for.
        outputs: the identifiers that AWS gave it, where it exists already.
        ignore_changes: None where the source of the graph does not say.
    """

    urn: str
    type: str
    name: str
    inputs: Mapping[str, object]
    edges: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    depends_on: tuple[str, ...] = ()
    parent: str | None = None
    protect: bool | None = None
    ignore_changes: tuple[str, ...] | None = None
    outputs: Mapping[str, str] = field(default_factory=dict[str, str])
    default_tags: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def stack(self) -> str:
        """The stack that the resource is part of, from its URN."""
        return self.urn.removeprefix("urn:pulumi:").partition("::")[0]

    @property
    def project(self) -> str:
        """The project that the resource is part of, from its URN."""
        return self.urn.split("::")[1]

    def has(self, name: str) -> bool:
        """Whether the program gives this input; one that is not known yet is given."""
        return self.inputs.get(name) is not None

    def has_path(self, *path: str | int) -> bool:
        """Whether there is a value at a path; one that is not known yet is there."""
        return self._walk(path) is not None

    def known(self, *path: str | int) -> bool:
        """Whether reading this path would give a value or its absence, not `NotKnownError`."""
        return not isinstance(self._walk(path), Unknown)

    def get(self, *path: str | int) -> object:
        """The value at a path of keys and indices, None where absent.

        Raises:
            NotKnownError: the value, or one that holds it, is not known yet.
        """
        value = self._walk(path)
        if isinstance(value, Unknown):
            raise NotKnownError(self, path)
        return value

    def text(self, *path: str | int) -> str | None:
        """The string at a path, None where absent or of another type."""
        value = self.get(*path)
        return value if isinstance(value, str) else None

    def number(self, *path: str | int) -> float | None:
        """The number at a path, None where absent or of another type."""
        value = self.get(*path)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def flag(self, *path: str | int) -> bool:
        """Whether the value at a path is true; strings as the providers take them."""
        return self.get(*path) in (True, "true")

    def items(self, *path: str | int) -> Sequence[object]:
        """The list at a path, empty where absent."""
        return list_of(self.get(*path))

    def mapping(self, *path: str | int) -> Mapping[str, object]:
        """The object at a path, empty where absent."""
        return mapping_of(self.get(*path))

    def document(self, *path: str | int) -> Mapping[str, object] | None:
        """The JSON object that the string at a path holds; None where absent or malformed."""
        value = self.get(*path)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                return None
        return cast("Mapping[str, object]", value) if isinstance(value, dict) else None

    def _walk(self, path: Iterable[str | int]) -> object:
        value: object = self.inputs
        for part in path:
            if isinstance(value, Unknown):
                return UNKNOWN
            if isinstance(part, int) and isinstance(value, list):
                entries = cast("list[object]", value)
                value = entries[part] if part < len(entries) else None
            elif isinstance(value, dict):
                value = cast("dict[object, object]", value).get(part)
            else:
                return None
        return value

    @property
    def physical_name(self) -> str | None:
        """The name in AWS as far as it is known without asking."""
        for key in ("name", "secretId", "identifier"):
            value = self.inputs.get(key)
            if isinstance(value, str):
                return value
        return self.outputs.get("name")
