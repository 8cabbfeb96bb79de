"""A user's own file: one plain transaction a line, read into lines that can be sent."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec

from handlers.common.messages.transactions import END, Id
from local.errors import LocalError
from local.scenario.lines import SERVICES, Expect, Line
from local.scenario.publish import ATTRIBUTES, MAX_BYTES

LARGEST = MAX_BYTES - ATTRIBUTES
"""Bytes of a line."""


class NoTransaction(msgspec.Struct, frozen=True, kw_only=True):
    """A line that cannot be sent, and why."""

    number: int
    why: str


class _Plain(msgspec.Struct, frozen=True):
    """What SNS has to take: a deduplication id, a group and a message attribute."""

    message_id: Id
    customer_id: Id
    transaction_type: Annotated[str, msgspec.Meta(pattern=r"^[ -~]{1,256}" + END)]


def read_plain(path: Path) -> tuple[list[Line], list[NoTransaction]]:
    """The transactions of a file, and the lines that are none; empty lines are neither.

    Only what sending needs is asked for here: the rest is for the services to judge.

    Raises:
        LocalError: there is no such file, or nothing in it.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LocalError(f"cannot read {path}: {error.strerror}") from error
    lines: list[Line] = []
    others: list[NoTransaction] = []
    for read in _read(content):
        if isinstance(read, Line):
            lines.append(read)
        else:
            others.append(read)
    if not lines and not others:
        raise LocalError(f"{path} has no transactions: one a line, as JSON")
    return lines, others


def _read(content: bytes) -> Iterator[Line | NoTransaction]:
    for number, text in enumerate(content.splitlines(), start=1):
        if not text.strip():
            continue
        if len(text) > LARGEST:
            yield NoTransaction(number=number, why=f"{len(text)} bytes; SNS takes {LARGEST}")
            continue
        try:
            plain = msgspec.json.decode(text, type=_Plain)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            yield NoTransaction(number=number, why=str(error))
            continue
        routed = plain.transaction_type in SERVICES
        yield Line(
            act="steady",
            expect=Expect(end="completed" if routed else "unrouted"),
            group=plain.customer_id,
            dedup=plain.message_id,
            attributes={"transaction_type": plain.transaction_type},
            message=msgspec.Raw(text.strip()),
            number=number,
        )
