"""What happened to a customer's transactions, from the events that the services log."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec

from control.stack import Stack
from control.times import iso

FINAL = ("completed", "rejected", "dead_lettered", "outcome_unknown")
LETTERS = ("rejected", "dead_lettered", "outcome_unknown")
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@:+")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event of one message. `at` is ISO in UTC."""

    at: str
    event: str
    service: str
    customer_id: str | None = None
    message_id: str | None = None
    correlation_id: str | None = None
    trace_id: str | None = None
    generation: int | None = None
    code: str | None = None
    detail: str | None = None
    bank_seconds: float | None = None


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    event: str
    service: str = ""
    customer_id: str | None = None
    message_id: str | None = None
    correlation_id: str | None = None
    trace_id: str | None = None
    xray_trace_id: str | None = None
    generation: int | None = None
    code: str | None = None
    why: str | None = None
    detail: str | None = None
    known: str | None = None
    bank_seconds: float | None = None


def journey(stack: Stack, customer: str, since: float, message: str | None = None) -> list[Event]:
    """A customer's events since a Unix time, of all services, oldest first.

    Args:
        stack: Whose logs.
        customer: Exactly this one.
        since: Unix time in seconds.
        message: Only this message.
    """
    pattern = f'{{ $.customer_id = "{_superset(customer)}" }}'
    found = [e for e in _events(stack, stack.services, pattern, since) if e.customer_id == customer]
    if message is None:
        return found
    # A message's first events come before its id is read.
    own = {event.correlation_id for event in found if event.message_id == message}
    return [e for e in found if e.message_id in (None, message) and e.correlation_id in own]


def letters(stack: Stack, service: str, since: float) -> list[Event]:
    """The end of each message whose last end sent it to the dead letters.

    From the logs and not from the queue: to receive letters only to look at them would hide them,
    and show account numbers. One that was redriven and has come to another end is left out.
    """
    ends = " || ".join(f'$.event = "{end}"' for end in FINAL)
    last: dict[str, Event] = {}
    for event in _events(stack, [service], f"{{ {ends} }}", since):
        if event.event in FINAL and event.correlation_id:
            last[event.message_id or event.correlation_id] = event
    return [event for event in last.values() if event.event in LETTERS]


def _events(stack: Stack, services: Iterable[str], pattern: str, since: float) -> list[Event]:
    def of_group(service: str) -> list[Event]:
        return list(_of_group(stack, service, pattern, since))

    with ThreadPoolExecutor(max_workers=8) as pool:
        found = pool.map(of_group, services)
        return sorted((event for events in found for event in events), key=lambda e: e.at)


def _of_group(stack: Stack, service: str, pattern: str, since: float) -> Iterator[Event]:
    pages = stack.place.logs.get_paginator("filter_log_events").paginate(
        logGroupName=f"/aws/lambda/{stack.place.name(service)}",
        startTime=int(since * 1000),
        filterPattern=pattern,
    )
    for page in pages:
        for record in page.get("events", []):
            line = _read(record.get("message", ""))
            if line is not None:
                yield _event(line, record.get("timestamp", 0) / 1000)


def _read(message: str) -> _Line | None:
    """The event in a line of a log; None where it holds something else."""
    if '"event"' not in message:
        return None
    try:
        return msgspec.json.decode(message, type=_Line)
    except msgspec.DecodeError:
        return None


def _event(line: _Line, at: float) -> Event:
    return Event(
        at=iso(at) or "",
        event=line.event,
        service=line.service,
        customer_id=line.customer_id,
        message_id=line.message_id,
        correlation_id=line.correlation_id,
        trace_id=line.trace_id or line.xray_trace_id,
        generation=line.generation,
        code=line.code or line.why or line.known,
        detail=line.detail,
        bank_seconds=line.bank_seconds,
    )


def _superset(customer: str) -> str:
    """The id with what a filter pattern would read as syntax replaced by its wildcard.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    """
    return "".join(letter if letter in PLAIN else "*" for letter in customer)
