"""What people see; scripts take `--json`."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from control.journeys import Event
from control.orders import Effect, Moved
from control.place import PROJECT
from control.records import Transition
from control.status import ServiceStatus, Status
from control.times import iso, said

COLOURS = {"closed": "green", "half_open": "yellow", "open": "bold red", "held": "bold magenta"}
ENDS = {"completed": "green", "rejected": "red", "dead_lettered": "red", "outcome_unknown": "red"}
ADVICE = {
    "unavailable": "nothing; it comes back by a probe, and `probe` tries at once",
    "slow": "nothing; it comes back by a probe, and `probe` tries at once",
    "misconfigured": "mend the bank's key or address; a restored ledger: docs/restore.md",
    "aws": "look at AWS's health, and for denied calls in the log",
    "defect": "roll back, then `enable`",
    "alarm": "read the function's log, roll back",
    "operator": "`enable` ends the hold",
}
"""What to do about a circuit, by its cause; more in docs/troubleshooting.md."""


def status_table(status: Status) -> RenderableType:
    """The stack in one look: services, then what is not as it should be, why, and what to do."""
    table = _table(
        f"{status.stack} at {_clock(status.at)} UTC: {'well' if status.well else 'not well'}",
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
        parts.append(f"unrouted queue, what no service wanted: {status.unrouted}")
    parts += [
        Text.assemble(
            ("ALARM ", "bold red"),
            f"{alarm.name.removeprefix(f'{PROJECT}-{status.stack}-')} since {_clock(alarm.since)}: "
            f"{alarm.means}",
        )
        for alarm in status.alarms
    ]
    return Group(*parts)


def _story(one: ServiceStatus) -> Text:
    """Why a service is not closed, who saw to that, what comes next, what to do."""
    words = [f"since {_clock(one.paused_since)}"]
    words += [": ".join(part for part in (one.cause, one.why) if part)]
    words += [f"by {_who(one.who)}"] if one.who else []
    words += [_next(one)] if _next(one) else []
    advice = ADVICE.get(one.cause or "", "") if one.circuit != "half_open" else ""
    return Text.assemble(
        (f"{one.service} {one.circuit} ", COLOURS.get(one.circuit, "")),
        "; ".join(word for word in words if word),
        (f"\n  do: {advice}" if advice else ""),
    )


def history_table(service: str, history: Sequence[Transition]) -> RenderableType:
    """What a circuit went through."""
    if not history:
        return f"{service}: its circuit has never been anything but closed"
    table = _table(f"{service}, times in UTC", ("when", "from", "to", "who", "cause", "why"))
    for one in history:
        to = Text(one.to_state, style=COLOURS.get(one.to_state, ""))
        who, cause = _who(one.who), one.cause or ""
        table.add_row(_clock(iso(one.at)), one.from_state, to, who, cause, one.why)
    return table


def journey_table(customer: str, events: Sequence[Event]) -> RenderableType:
    """A customer's messages, each from its receipt to its end so far."""
    if not events:
        return f"{customer}: nothing found; --since looks further back, e.g. --since 14d"
    messages = dict[tuple[str, str], list[Event]]()
    for one in events:
        messages.setdefault((one.service, one.correlation_id or ""), []).append(one)
    return Group(*(_message(own) for own in messages.values()))


def _message(events: Sequence[Event]) -> Table:
    """One message: what it came to, then how."""
    last = events[-1]
    name = next((one.message_id for one in events if one.message_id), "not read yet")
    title = Text.assemble(
        f"{last.service} {name}: ", (last.event, ENDS.get(last.event, "yellow")), style="not italic"
    )
    table = Table(title=title, title_justify="left", box=None, show_header=False)
    for _ in range(4):
        table.add_column(overflow="fold")
    for one in events:
        reason = ": ".join(part for part in (one.code, one.detail) if part)
        bank = "" if one.bank_seconds is None else f"bank {one.bank_seconds * 1000:.0f} ms"
        event = Text(one.event, style=ENDS.get(one.event, ""))
        table.add_row(one.at[:23].replace("T", " "), event, reason, bank)
    table.add_row()
    return table


def letters_table(service: str, count: int, letters: Sequence[Event]) -> RenderableType:
    """How many dead letters there are, and why."""
    if not count:
        return f"{service}: no dead letters"
    table = _table(f"{service}, dead letters: {count}", ("end", "reason", "messages", "newest"))
    reasons = Counter((one.event, one.code or "") for one in letters)
    for (end, code), number in reasons.most_common():
        newest = max(one.at for one in letters if (one.event, one.code or "") == (end, code))
        table.add_row(end, code, str(number), _clock(newest))
    return table


def effect_line(done: Effect) -> str:
    """What a command has done to a service."""
    return (
        f"{done.service}: {done.before} -> {done.circuit}, subscription {done.mapping} "
        f"({done.said}), seen after {done.seconds} s"
    )


def moved_line(done: Moved) -> str:
    """What a redrive has done."""
    held = f", {done.held_back} held back: older than a completed one (--force)"
    passed = f", {done.passed_over} not chosen"
    return (
        f"{done.service}: {done.moved} dead letters sent back"
        f"{held if done.held_back else ''}{passed if done.passed_over else ''}, "
        f"in {done.seconds} s"
    )


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name in {"service", "when"})
    return table


def _next(one: ServiceStatus) -> str:
    if one.next_probe_at:
        return f"next probe {_clock(one.next_probe_at)}"
    if one.circuit == "held":
        return f"held until {_clock(one.hold_until) or 'enable'}"
    return f"closes {_clock(one.closes_at)}" if one.closes_at else ""


def _who(who: str) -> str:
    """A worker is known by its log stream, `2026/11/25/[$LATEST]e3c3…`: too long for a line."""
    stream, bracket, instance = who.rpartition("]")
    return f"worker {instance[:8]}" if bracket and "[" in stream else who


def _clock(moment: str | None) -> str:
    """A time of today without its date."""
    if not moment:
        return ""
    today = datetime.now(UTC).date().isoformat()
    return moment[11:19] if moment.startswith(today) else moment[:19].replace("T", " ")
