"""What people see; scripts take `--json`."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from control.journeys import Event
from control.records import Transition
from control.status import ServiceStatus, Status
from control.times import iso, said

COLOURS = {"closed": "green", "half_open": "yellow", "open": "bold red", "held": "bold magenta"}
ENDS = {"completed": "green", "rejected": "red", "dead_lettered": "red", "outcome_unknown": "red"}


def status_table(status: Status) -> RenderableType:
    """The stack in one look: services, then what is not as it should be, and why."""
    table = _table(
        f"{status.stack}: {'well' if status.well else 'not well'}",
        ("service", "circuit", "mapping", "waiting", "oldest", "dead", "data loss in"),
    )
    for one in status.services:
        table.add_row(
            one.service,
            Text(one.circuit, style=COLOURS.get(one.circuit, "")),
            one.mapping + ("" if one.agrees else "*"),
            str(one.depth),
            said(one.age),
            Text(str(one.dead_letters), style="red" if one.dead_letters else ""),
            said(one.time_to_data_loss),
        )
    parts: list[RenderableType] = [table]
    parts += [_story(one) for one in status.services if one.circuit != "closed"]
    if any(not one.agrees for one in status.services):
        parts.append("* not yet as the circuit wants it; the manager sees to it each turn")
    if status.unrouted:
        parts.append(f"{status.unrouted} messages that no service wanted lie in the unrouted queue")
    parts += [
        Text.assemble(("ALARM ", "bold red"), f"{alarm.name} since {alarm.since}: {alarm.means}")
        for alarm in status.alarms
    ]
    return Group(*parts)


def _story(one: ServiceStatus) -> Text:
    """Why a service is not closed, who saw to that, and what comes next."""
    colour = COLOURS.get(one.circuit, "")
    words = [f"since {_clock(one.since)}, by {one.who}"]
    words += [f"cause {one.cause}"] if one.cause else []
    words += [one.why] if one.why else []
    words += [_next(one)] if _next(one) else []
    return Text.assemble((f"{one.service} {one.circuit} ", colour), "; ".join(words))


def history_table(service: str, history: Iterable[Transition]) -> RenderableType:
    """What a circuit went through."""
    table = _table(service, ("when", "from", "to", "who", "cause", "why"))
    for one in history:
        to = Text(one.to_state, style=COLOURS.get(one.to_state, ""))
        table.add_row(_clock(iso(one.at)), one.from_state, to, one.who, one.cause or "", one.why)
    return table


def journey_table(customer: str, events: Sequence[Event]) -> RenderableType:
    """A customer's messages, each from its receipt to its end."""
    table = _table(customer, ("when", "service", "message", "event", "reason", "bank"))
    for one in events:
        reason = " ".join(part for part in (one.code, one.detail) if part)
        bank = "" if one.bank_seconds is None else f"{one.bank_seconds * 1000:.0f} ms"
        event = Text(one.event, style=ENDS.get(one.event, ""))
        table.add_row(
            one.at[5:23].replace("T", " "), one.service, one.message_id or "", event, reason, bank
        )
    return table


def letters_table(service: str, count: int, letters: Sequence[Event]) -> RenderableType:
    """How many dead letters there are, and why."""
    table = _table(f"{service}: {count} dead letters", ("end", "reason", "messages", "newest"))
    reasons = Counter((one.event, one.code or "") for one in letters)
    for (end, code), number in reasons.most_common():
        newest = max(one.at for one in letters if (one.event, one.code or "") == (end, code))
        table.add_row(end, code, str(number), newest)
    return table


def fields_table(title: str, fields: dict[str, Any]) -> RenderableType:
    """The answer to a command."""
    table = Table(title=title, title_justify="left", box=None, show_header=False)
    for name, value in fields.items():
        table.add_row(name.replace("_", " "), "-" if value in (None, "") else str(value))
    return table


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name in {"service", "when"})
    return table


def _next(one: ServiceStatus) -> str:
    if one.next_probe_at:
        return f"next probe {_clock(one.next_probe_at)}"
    if one.circuit == "held":
        return f"held until {one.hold_until or 'enable'}"
    return f"closes {_clock(one.closes_at)}" if one.closes_at else ""


def _clock(moment: str | None) -> str:
    """A time of today without its date."""
    if not moment:
        return ""
    today = datetime.now(UTC).date().isoformat()
    return moment[11:19] if moment.startswith(today) else moment[:19].replace("T", " ")
