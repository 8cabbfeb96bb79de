"""One AWS account as a Pulumi provider sees it: resources by type token, errors by name."""

import random
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from local.properties import UNKNOWN
from local.resources import validation
from local.resources.clients import Clients
from local.resources.errors import ApiError, InvalidInputs, Refused
from local.resources.invokes import invoke
from local.resources.kind import Kind, Properties, changed
from local.resources.sameness import kept
from local.resources.table import kind_of

SUFFIX = 7  # hexadecimal digits after a made-up name, as in Pulumi


@dataclass(frozen=True, kw_only=True)
class State:
    """A resource as it is: its id, its inputs and its outputs."""

    id: str
    inputs: Properties
    outputs: Properties


class Account:
    """Creates, reads, changes and deletes resources in the account that the clients reach."""

    def __init__(self, aws: Clients, *, default_tags: Mapping[str, str] | None = None) -> None:
        """Take `default_tags` as the tags that every resource gets which can have tags."""
        self._aws = aws
        self._default_tags = dict(default_tags or {})

    def check(
        self,
        token: str,
        name: str,
        given: Properties,
        *,
        old: Properties | None = None,
        seed: bytes | None = None,
    ) -> Properties:
        """The inputs as they are applied: named, tagged, and fit for the AWS API.

        `old` has the inputs that the resource was made with, whose made-up name is kept; `seed`
        makes the same name twice, in a preview and in the update that follows it.

        Raises:
            UnknownKind: there is no such kind.
            InvalidInputs: AWS's description of its API does not allow them.
        """
        kind = kind_of(token, name)
        try:
            inputs = kind.prepare(self._aws, {**given, **_name(kind, name, given, old, seed)})
            request = kind.request(self._aws, self._tagged(kind, inputs))
        except KeyError as missing:
            raise InvalidInputs(token, name, [f"{missing.args[0]} is missing"]) from missing
        except OSError as unreadable:
            raise InvalidInputs(token, name, [str(unreadable)]) from unreadable
        if request is not None:
            problems = validation.failures(self._aws, request)
            if problems:
                raise InvalidInputs(token, name, problems)
        return inputs

    def preview(self, token: str, name: str, inputs: Properties) -> Properties:
        """The outputs of a resource that does not exist yet: unknown where only AWS decides."""
        kind = kind_of(token, name)
        return self._outputs(kind, inputs, dict.fromkeys(kind.computed, UNKNOWN))

    def create(self, token: str, name: str, inputs: Properties) -> State:
        """Make a resource from inputs that were checked.

        Raises:
            Refused: AWS did not make it.
        """
        kind = kind_of(token, name)
        with _named(token, name):
            id_, computed = kind.create(self._aws, self._tagged(kind, inputs))
        return State(id=id_, inputs=inputs, outputs=self._outputs(kind, inputs, computed))

    def read(self, token: str, name: str, state: State) -> State | None:
        """The resource as AWS has it now; None where it is gone. Tags are not compared."""
        kind = kind_of(token, name)
        with _named(token, name):
            live = kind.read(self._aws, state.id, {**state.inputs, **state.outputs})
        if live is None:
            return None
        computed = {key: live[key] for key in kind.computed if key in live}
        # Without outputs it is a resource whose creation nobody saw the end of.
        outputs = state.outputs or self._outputs(kind, state.inputs, computed)
        return State(
            id=state.id,
            inputs={key: kept(value, live.get(key, value)) for key, value in state.inputs.items()},
            outputs={key: kept(value, live.get(key, value)) for key, value in outputs.items()},
        )

    def find(self, token: str, name: str, inputs: Properties) -> str | None:
        """The id of what was made from inputs that were checked, where it would be in the way."""
        kind = kind_of(token, name)
        with _named(token, name):
            return kind.find(self._aws, inputs)

    def preview_update(
        self, token: str, name: str, old: Properties, inputs: Properties
    ) -> Properties:
        """The outputs after an update that is not made: what changes with each one is unknown."""
        kind = kind_of(token, name)
        computed = {key: old.get(key, UNKNOWN) for key in kind.computed}
        return self._outputs(kind, inputs, {**computed, **dict.fromkeys(kind.changing, UNKNOWN)})

    def retagged(self, token: str, name: str, outputs: Properties, inputs: Properties) -> bool:
        """Whether an update would change the tags, the provider's default ones among them."""
        kind = kind_of(token, name)
        if not kind.tagging or "tagsAll" not in outputs:
            return False
        return self._tagged(kind, inputs)["tagsAll"] != outputs["tagsAll"]

    def update(self, token: str, name: str, state: State, inputs: Properties) -> State:
        """Change a resource to new inputs; what is the same in old and new is not touched.

        Raises:
            Refused: AWS did not change it, or not all of it.
        """
        kind = kind_of(token, name)
        old = {**state.inputs, **self._all_tags(kind, state.outputs)}
        new = self._tagged(kind, inputs)
        with _named(token, name):
            computed = {key: state.outputs.get(key) for key in kind.computed}
            if changed(old, new) - {"tags", "tagsAll", *kind.local}:
                computed |= kind.update(self._aws, state.id, old, new) or {}
            if kind.tagging and changed(old, new, "tagsAll"):
                target = kind.tag_target(state.id, state.outputs)
                before, after = old.get("tagsAll") or {}, new.get("tagsAll") or {}
                kind.tagging.change(self._aws, target, before, after)
        return State(id=state.id, inputs=inputs, outputs=self._outputs(kind, inputs, computed))

    def delete(self, token: str, name: str, state: State) -> None:
        """Remove a resource; one that is gone is no error.

        Raises:
            Refused: AWS did not remove it.
        """
        kind = kind_of(token, name)
        with _named(token, name):
            kind.delete(self._aws, state.id, state.outputs)

    def invoke(self, token: str, arguments: Properties) -> Properties:
        """The answer of a provider's function.

        Raises:
            UnknownInvoke: there is no such function.
            Refused: AWS refused the call behind it.
        """
        with _named(token, ""):
            return invoke(self._aws, token, arguments)

    def _tagged(self, kind: Kind, inputs: Properties) -> Properties:
        if not kind.tagging:
            return inputs
        return {**inputs, "tagsAll": {**self._default_tags, **(inputs.get("tags") or {})}}

    def _all_tags(self, kind: Kind, outputs: Properties) -> Properties:
        return {"tagsAll": outputs.get("tagsAll") or {}} if kind.tagging else {}

    def _outputs(self, kind: Kind, inputs: Properties, computed: Properties) -> Properties:
        region = {"region": self._aws.region} if kind.pulumi_type.startswith("aws:") else {}
        return {**region, **self._tagged(kind, inputs), **computed}


@contextmanager
def _named(token: str, name: str) -> Generator[None]:
    try:
        yield
    except ApiError as error:
        raise Refused(token, name, error) from error
    except TimeoutError as error:
        raise Refused(token, name, ApiError("", "wait", "Timeout", str(error))) from error


def _name(
    kind: Kind, name: str, given: Properties, old: Properties | None, seed: bytes | None
) -> Properties:
    """The name of a resource that the program gives none: kept, or made up as Pulumi does."""
    prefixed = kind.named and f"{kind.named}Prefix"
    if kind.named is None or kind.named in given or prefixed in given:
        return {}
    if old and kind.named in old:
        return {kind.named: old[kind.named]}
    suffix = random.Random(seed).randbytes(SUFFIX).hex()[:SUFFIX]  # noqa: S311 - a name, no secret
    fifo = ".fifo" if given.get("fifoQueue") or given.get("fifoTopic") else ""
    return {kind.named: f"{name}-{suffix}{fifo}"}
