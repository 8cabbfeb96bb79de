"""How each AWS service takes tags."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from local.resources.clients import Clients


@dataclass(frozen=True, kw_only=True)
class Tagging:
    """The operations and the spelling by which a service's resources are tagged.

    `style` is the form of the tags: a map, or a list of structures whose members are named
    `Key`/`Value` or, in KMS alone, `TagKey`/`TagValue`. `parameter` is what the tagging call takes
    them in, `created_by` what the creating call does, where that is spelled otherwise.
    """

    service: str
    parameter: str = "Tags"
    created_by: str = ""
    style: Literal["map", "list", "kms"] = "list"
    target: str = "ResourceArn"
    keys: str = "TagKeys"
    tag: str = "TagResource"
    untag: str = "UntagResource"

    def encode(self, tags: Mapping[str, str]) -> Any:  # noqa: ANN401 - a list or a map
        """The tags in the form that the service takes."""
        if self.style == "map":
            return dict(tags)
        prefix = "Tag" if self.style == "kms" else ""
        return [{f"{prefix}Key": key, f"{prefix}Value": value} for key, value in tags.items()]

    def creation(self, tags: Mapping[str, str]) -> dict[str, Any]:
        """The parameter of the creating call; nothing where there are no tags."""
        return {self.created_by or self.parameter: self.encode(tags)} if tags else {}

    def change(
        self, aws: "Clients", target: str, old: Mapping[str, str], new: Mapping[str, str]
    ) -> None:
        """Bring the tags of an existing resource from `old` to `new`."""
        gone = [key for key in old if key not in new]
        set_ = {key: value for key, value in new.items() if old.get(key) != value}
        if gone:
            aws.call(self.service, self.untag, **{self.target: target, self.keys: gone})
        if set_:
            aws.call(
                self.service, self.tag, **{self.target: target, self.parameter: self.encode(set_)}
            )
