"""What the local system knows about one kind of resource."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from local.resources.errors import ApiError
from local.resources.tags import Tagging

if TYPE_CHECKING:
    from local.resources.clients import Clients

Properties = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Request:
    """A call of the AWS API, not yet made: it can be checked without an account."""

    service: str
    operation: str
    parameters: Properties


class Kind(ABC):
    """One kind of resource: how it is created, read, changed and deleted through the AWS API.

    Properties are Pulumi's, by their wire names (camelCase). `tagsAll` is always among the inputs
    that a kind gets, where the kind has tags: the resource's own and the provider's default tags.
    """

    pulumi_type: ClassVar[str]
    """Pulumi's type token."""
    schema: ClassVar[str] = ""
    """AWS's own name of the kind (CloudFormation), whose schema says what forces a replacement."""
    schema_names: ClassVar[Mapping[str, str]] = {}
    """Properties that the schema has under another name."""
    fixed: ClassVar[Mapping[str, str]] = {}
    """Properties that force a replacement although the schema does not say so, and why."""
    computed: ClassVar[tuple[str, ...]] = ()
    """Outputs that nobody knows before the resource exists."""
    changing: ClassVar[tuple[str, ...]] = ()
    """Computed outputs that change with each update."""
    named: ClassVar[str | None] = "name"
    """The property that gets a name made up from the logical one where the program gives none."""
    tagging: ClassVar[Tagging | None] = None
    local: ClassVar[tuple[str, ...]] = ()
    """Properties for the provider alone, which AWS never hears of."""
    unseen: ClassVar[tuple[str, ...]] = ()
    """Properties whose change is no change of the resource."""

    def request(self, aws: "Clients", inputs: Properties) -> Request | None:
        """The creating call, where one call carries the inputs: checked before anything is made."""
        del aws, inputs

    def prepare(self, aws: "Clients", inputs: Properties) -> Properties:
        """The inputs with what the provider adds to them when it checks them."""
        del aws
        return inputs

    @abstractmethod
    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        """Make the resource; the answer is its id and its computed outputs."""

    @abstractmethod
    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        """The resource's properties as AWS has them now; None where it is gone."""

    @abstractmethod
    def update(
        self, aws: "Clients", id_: str, old: Properties, new: Properties
    ) -> Properties | None:
        """Change what differs between `old` outputs and `new` inputs, and nothing else.

        What is the same in both is not sent: something else may have changed it meanwhile and own
        it (a circuit that is open, a hold). The answer has the computed outputs that are new.
        """

    @abstractmethod
    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        """Remove the resource. One that is gone already is no error."""

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        """The id of the resource that was made from `inputs`, if there may be one in the way.

        Asked where a creation was interrupted. None also where making it again does no harm.
        """
        del aws, inputs

    def tag_target(self, id_: str, state: Properties) -> str:
        """What the service's tagging calls are addressed to."""
        return str(state.get("arn", id_))

    def tags(self, inputs: Properties) -> Properties:
        """The tags as a parameter of the creating call."""
        return self.tagging.creation(inputs.get("tagsAll") or {}) if self.tagging else {}

    def own(self, inputs: Properties, *apart: str) -> Properties:
        """The inputs that go into the creating call as they are, without those in `apart`."""
        skipped = {"region", "tags", "tagsAll", *self.local, *apart}
        return {key: value for key, value in inputs.items() if key not in skipped}


def changed(old: Properties, new: Properties, *keys: str) -> set[str]:
    """The properties, of `keys` or of all, that differ between two sets of them."""
    wanted = keys or {*old, *new}
    return {key for key in wanted if old.get(key) != new.get(key)}


@contextmanager
def absent_is_fine(*codes: str) -> Generator[None]:
    """Pass over the errors by which a service says that there is no such resource."""
    try:
        yield
    except ApiError as error:
        if error.code not in codes:
            raise
