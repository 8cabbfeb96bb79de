"""What is different between two sets of inputs, and what that does to the resource."""

from dataclasses import dataclass

from local.provider.replacements import fixed_properties
from local.resources.kind import Kind, Properties
from local.resources.sameness import same


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The properties that differ, those among them that make a new resource, and how.

    `delete_first`: the old resource has the name that the new one needs.
    """

    added: frozenset[str]
    removed: frozenset[str]
    updated: frozenset[str]
    replacing: frozenset[str]
    delete_first: bool

    @property
    def changed(self) -> frozenset[str]:
        """All that differ."""
        return self.added | self.removed | self.updated


def difference(kind: Kind, old: Properties, new: Properties) -> Difference:
    """Compare two sets of checked inputs."""
    old = {key: value for key, value in old.items() if key not in kind.unseen}
    new = {key: value for key, value in new.items() if key not in kind.unseen}
    updated = {key for key in old.keys() & new.keys() if not same(old[key], new[key])}
    added, removed = new.keys() - old.keys(), old.keys() - new.keys()
    replacing = (updated | added | removed) & fixed_properties(kind)
    kept_name = kind.named is not None and old.get(kind.named) == new.get(kind.named)
    return Difference(
        added=frozenset(added),
        removed=frozenset(removed),
        updated=frozenset(updated),
        replacing=frozenset(replacing),
        delete_first=bool(replacing) and kept_name,
    )
