"""Every transaction against what its line says must happen: lines and facts in, findings out."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from local.scenario.facts import Booked, DeadLetter, Facts
from local.scenario.lines import Line, id_in


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One difference. `line` is None where no line of the file is to blame."""

    kind: str
    line: int | None
    message_id: str | None
    text: str

    def __str__(self) -> str:
        where = "no line" if self.line is None else f"line {self.line}"
        return f"{where} ({self.message_id or 'no id'}): {self.text}"


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How the transactions ended.

    `sent` is the sum of the six below it, unless something was made up or doubled.
    """

    sent: int
    completed: int
    rejected: int
    dead_lettered: int
    unrouted: int
    duplicates_suppressed: int
    lost: int
    double_charges: int
    order_violations: int


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of a run and every difference from what had to happen."""

    counts: Counts
    findings: list[Finding]


def judge(lines: Sequence[Line], facts: Facts) -> Verdict:
    """Compare a run with its file; no findings means that all is as it has to be."""
    run = _Run(lines, facts)
    findings = [
        *run.lost(),
        *run.wrong_ends(),
        *run.double_charges(),
        *run.wrong_bookings(),
        *run.order_violations(),
        *run.not_announced(),
        *run.left_over(),
    ]
    return Verdict(counts=run.counts(findings), findings=findings)


class _Run:
    def __init__(self, lines: Sequence[Line], facts: Facts) -> None:
        by_number = {line.number: line for line in lines}
        self._facts = facts
        self._lines = [by_number[number] for number in facts.sent]
        self._booked: dict[str, list[Booked]] = defaultdict(list)
        for booking in facts.booked:
            self._booked[booking.key].append(booking)
        self._dead: dict[tuple[str, str], list[DeadLetter]] = defaultdict(list)
        for letter in facts.dead_letters:
            self._dead[letter.service, letter.body].append(letter)
        self._unrouted = Counter(facts.unrouted)
        self._ender = _enders(self._lines)

    def counts(self, findings: Sequence[Finding]) -> Counts:
        kinds = Counter(finding.kind for finding in findings)
        rejected = sum(letter.end == "rejected" for letter in self._facts.dead_letters)
        return Counts(
            sent=len(self._lines),
            completed=len(self._booked),
            rejected=rejected,
            dead_lettered=len(self._facts.dead_letters) - rejected,
            unrouted=len(self._facts.unrouted),
            duplicates_suppressed=sum(map(self._suppressed, self._lines)),
            lost=kinds["lost"],
            double_charges=kinds["double charge"],
            order_violations=kinds["order"],
        )

    def lost(self) -> Iterator[Finding]:
        """Lines that ended nowhere."""
        for line in self._lines:
            if line.expect.end != "duplicate" and not self._ends(line):
                yield _found("lost", line, f"lost: it had to end {line.expect.end}")

    def wrong_ends(self) -> Iterator[Finding]:
        """Lines that ended elsewhere, or twice, or with another reason."""
        for line in self._lines:
            ends = self._ends(line)
            if line.expect.end == "duplicate":
                if ends:
                    yield _found("end", line, f"a duplicate that was not suppressed: {ends}")
            elif ends and ends != [line.expect.end]:
                yield _found("end", line, f"had to end {line.expect.end}, ended {ends}")
            elif line.expect.code is not None:
                codes = {letter.code for letter in self._letters(line)}
                if codes and codes != {line.expect.code}:
                    yield _found("reason", line, f"reason {codes}, not {line.expect.code!r}")

    def double_charges(self) -> Iterator[Finding]:
        """One finding for each booking of a key after the first."""
        first = {line.key: line for line in reversed(self._lines)}
        for key, bookings in self._booked.items():
            for extra in bookings[1:]:
                text = f"charged again: booking {extra.number} after {bookings[0].number}"
                yield _found("double charge", first.get(key), text, key)

    def wrong_bookings(self) -> Iterator[Finding]:
        """Bookings that no line asked for, or of another customer, amount or fee."""
        asked = {line.key: line for line in self._lines if line.expect.end == "completed"}
        known = {line.key: line for line in self._lines}
        for key, (booking, *_) in self._booked.items():
            line = asked.get(key)
            if line is None:
                if key not in known:
                    yield _found("booking", None, "booked but never sent", key)
                continue
            wanted = (line.group, line.expect.amount, line.expect.fee)
            seen = (booking.customer, booking.amount, booking.fee)
            if wanted != seen:
                text = "booked customer, amount, fee are {} {} {}, not {} {} {}"
                yield _found("booking", line, text.format(*seen, *wanted))

    def order_violations(self) -> Iterator[Finding]:
        """Completed lines of one customer and service that were booked before an earlier one."""
        last: dict[tuple[str, str | None], tuple[int, Line]] = {}
        for line in self._lines:
            if line.expect.end != "completed" or not self._bookings(line):
                continue
            place = self._bookings(line)[0].number
            who = (line.group, line.service)
            highest, earlier = last.get(who, (0, line))
            if place < highest:
                text = f"out of order: booked before line {earlier.number} ({earlier.message_id})"
                yield _found("order", line, text)
            else:
                last[who] = (place, line)

    def not_announced(self) -> Iterator[Finding]:
        """Lines without their outcome, and outcomes that no line had to have."""
        announced = {(x.service, x.message_id, x.outcome) for x in self._facts.announced}
        wanted: set[tuple[str | None, str | None, str]] = set()
        for line in self._lines:
            if line.expect.end in {"duplicate", "unrouted"}:
                continue
            names = {line.message_id, *(letter.carrier for letter in self._letters(line))}
            mine = {(line.service, name, line.expect.end) for name in names}
            wanted |= mine
            if self._ends(line) and not mine & announced:
                yield _found("announcement", line, f"{line.expect.end}, but not announced")
        for service, message_id, outcome in sorted(announced - wanted, key=str):
            text = f"announced as {outcome} by {service}, which no line asks for"
            yield Finding(kind="announcement", line=None, message_id=message_id, text=text)

    def left_over(self) -> Iterator[Finding]:
        """Messages that the run left behind, and dead letters and unrouted ones nobody sent."""
        for queue, number in self._facts.waiting.items():
            yield _found("left over", None, f"{number} messages are still in {queue}")
        sent = {(line.service, line.body) for line in self._lines}
        for service, body in self._dead:
            if (service, body) not in sent:
                yield _unsent(f"a dead letter of {service}", body)
        for body in self._unrouted:
            if (None, body) not in sent:
                yield _unsent("an unrouted message", body)

    def _ends(self, line: Line) -> list[str]:
        """Where a line ended; a booking is the end of one line only, whoever shares its id."""
        mine = self._ender.get(line.key or "") is line
        ends = ["completed"] if mine and self._bookings(line) else []
        ends += [letter.end or "moved by the queue" for letter in self._letters(line)]
        if line.service is None:
            ends += ["unrouted"] * self._unrouted[line.body]
        return ends

    def _suppressed(self, line: Line) -> bool:
        return (
            line.expect.end == "duplicate"
            and len(self._bookings(line)) <= 1
            and not self._letters(line)
        )

    def _bookings(self, line: Line) -> list[Booked]:
        return self._booked.get(line.key or "", [])

    def _letters(self, line: Line) -> list[DeadLetter]:
        return self._dead.get((line.service or "", line.body), [])


def _enders(lines: Sequence[Line]) -> dict[str, Line]:
    """For each key the line that a booking belongs to: the one that has to be completed."""
    enders: dict[str, Line] = {}
    for line in lines:
        if line.key is not None and (line.key not in enders or line.expect.end == "completed"):
            enders[line.key] = line
    return enders


def _found(kind: str, line: Line | None, text: str, key: str | None = None) -> Finding:
    if line is None:
        return Finding(kind=kind, line=None, message_id=key, text=text)
    return Finding(kind=kind, line=line.number, message_id=line.message_id, text=text)


def _unsent(what: str, body: str) -> Finding:
    """By its id and length: the report is kept, and a body may have an account in it."""
    text = f"{what}, of {len(body)} characters, that nobody sent"
    return _found("left over", None, text, id_in(body))
