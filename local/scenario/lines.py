"""The scenario file: one transaction a line, with what must become of it."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec

from components.services import SERVICES as DESCRIBED

FILE = Path(__file__).with_name("transactions.jsonl")
SERVICES = {service.transaction_type: service.name for service in DESCRIBED}
"""Which service works which transaction type; others go to the unrouted queue."""

TRICKLE = 40
"""Lines at the end of an act that are sent slowly where others wait for their success."""

Act = Literal["steady", "pause", "outage", "second_outage", "hold", "finish"]
End = Literal["completed", "rejected", "dead_lettered", "unrouted", "duplicate"]


class Expect(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What must happen to one line.

    Attributes:
        end: `duplicate` means that another line with the same id is the one that ends.
        code: the reason's code, where the end has a reason.
        amount: what the bank must have booked.
        fee: the fee that the bank must have booked.
    """

    end: End
    code: str | None = None
    amount: Decimal | None = None
    fee: Decimal | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """One transaction and how it is sent.

    Attributes:
        number: line number in its file, from 1; not part of the file.
        act: the part of the story in which it is sent.
        group: MessageGroupId.
        dedup: MessageDeduplicationId.
        attributes: message attributes, all of type String.
        message: the body; a JSON string here is a body that is no JSON object, sent as it stands.
        via: through the topic, or straight to the queue of this service.
    """

    act: Act
    expect: Expect
    group: str
    dedup: str
    attributes: dict[str, str]
    message: msgspec.Raw
    via: str = "topic"
    number: int = 0

    @cached_property
    def body(self) -> str:
        """The body as it goes over the wire, and as a dead-letter queue must give it back."""
        raw = bytes(self.message)
        if raw.startswith(b'"'):
            return msgspec.json.decode(raw, type=str)
        return raw.decode()

    @property
    def service(self) -> str | None:
        """The service that has to work it; None where no service takes it."""
        if self.via != "topic":
            return self.via
        return SERVICES.get(self.attributes.get("transaction_type", ""))

    @cached_property
    def message_id(self) -> str | None:
        """The transaction's own id; None where the body names none."""
        return id_in(self.body)

    @cached_property
    def key(self) -> str | None:
        """The idempotency key under which the bank must see it."""
        if self.service is None or self.message_id is None:
            return None
        return f"{self.service}#{self.message_id}"


class _Envelope(msgspec.Struct, frozen=True):
    message_id: str | None = None
    message: str | None = msgspec.field(default=None, name="Message")


def id_in(body: str) -> str | None:
    """The message id in a body, or in the message of the envelope that it is."""
    try:
        content = msgspec.json.decode(body, type=_Envelope)
        if content.message is not None:
            content = msgspec.json.decode(content.message, type=_Envelope)
    except msgspec.DecodeError:
        return None
    return content.message_id


class ScenarioFileError(ValueError):
    """A line of the scenario file cannot be read; the text says which and why."""


def read_lines(path: Path = FILE) -> list[Line]:
    """The lines of a scenario file.

    Raises:
        ScenarioFileError: a line is not of the form above, or there is none.
    """
    lines = list(_read(path))
    if not lines:
        raise ScenarioFileError(f"{path.name} has no transactions")
    return lines


def _read(path: Path) -> Iterator[Line]:
    for number, text in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            line = msgspec.json.decode(text, type=Line)
        except msgspec.DecodeError as error:
            raise ScenarioFileError(f"{path.name}, line {number}: {error}") from error
        yield msgspec.structs.replace(line, number=number)
