"""Send a user's own transactions into a running system and say what became of each."""

import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from local.access import Access
from local.scenario.lines import Line
from local.scenario.plain import NoTransaction, read_plain
from local.scenario.publish import Publisher
from local.scenario.watch import LOOK_AGAIN
from local.tap import Outcome, tapped

PER_SECOND = 50.0
PATIENCE = 10.0
"""Seconds without any new end after which the rest is reported as waiting."""


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one line."""

    line: Line
    end: str
    detail: str = ""


def send_file(access: Access, path: Path, console: Console) -> int:
    """Send a file and print a report; 0 if every line was a transaction that came to its end."""
    lines, others = read_plain(path)
    begun = time.monotonic()
    sent = _send(access, lines)
    _show(sent, others, time.monotonic() - begun, console)
    waiting = any(x.end == "waiting" for x in sent)
    return 1 if others or waiting else 0


def _send(access: Access, lines: Sequence[Line]) -> list[Sent]:
    before = {booking.key for booking in access.bank.books().bookings}
    with tapped(access, f"send-{os.getpid()}") as tap:
        Publisher(access).send(lines, per_second=PER_SECOND, stop=threading.Event())
        wanted = {line.key for line in lines if line.service is not None} - before
        ends: dict[str, Outcome] = {}
        quiet_since = time.monotonic()
        while wanted - ends.keys() and time.monotonic() - quiet_since < PATIENCE:
            news = tap.read()
            if news:
                quiet_since = time.monotonic()
            ends.update({f"{outcome.service}#{outcome.message_id}": outcome for outcome in news})
            time.sleep(LOOK_AGAIN)
    booked = {booking.key: booking.reference for booking in access.bank.books().bookings}
    first = {line.key: line.number for line in reversed(lines)}
    return [_judged(line, ends, booked, before, first[line.key]) for line in lines]


def _judged(
    line: Line, ends: dict[str, Outcome], booked: dict[str, str], before: set[str], first: int
) -> Sent:
    key = line.key or ""
    outcome = ends.get(key)
    if line.service is None:
        return Sent(line=line, end="unrouted", detail="no service takes this transaction_type")
    if line.number != first:
        return Sent(line=line, end="duplicate", detail=f"its message_id was sent by line {first}")
    if outcome is not None and outcome.outcome != "completed":
        detail = " ".join(filter(None, (outcome.reason or {}).values()))
        return Sent(line=line, end=outcome.outcome, detail=detail)
    if key in before:
        return Sent(line=line, end="duplicate", detail=f"booked before as {booked[key]}")
    if key in booked:
        return Sent(line=line, end="completed", detail=booked[key])
    return Sent(
        line=line,
        end="waiting",
        detail="no end was seen: is its service paused, or was it sent before?",
    )


def _show(
    sent: Sequence[Sent], others: Sequence[NoTransaction], seconds: float, console: Console
) -> None:
    what = "transaction" if len(sent) == 1 else "transactions"
    table = Table(title=f"{len(sent)} {what} in {seconds:.1f} s")
    for title in ("line", "transaction", "customer", "end", ""):
        table.add_column(title, justify="right" if title == "line" else "left")
    for one in sent:
        name, customer = one.line.message_id or "", one.line.group
        table.add_row(
            str(one.line.number), escape(name), escape(customer), one.end, escape(one.detail)
        )
    if sent:
        console.print(table)
    for other in others:
        console.print(f"line {other.number} is no transaction: {escape(other.why)}")
