"""The circuit: one state machine for the bank's calls and for the queue's subscription.

Pure: the clock, the random jitter and the rules are passed in, nothing is read or written here.

closed ──trip──▶ open ──probe well──▶ half-open ──ramp passed──▶ closed
                 open ◀──trip── half-open
any ──disable──▶ held ──hold ends──▶ open (probe at once)
held, open ──enable──▶ half-open
"""

from collections.abc import Callable

from msgspec.structs import replace

from handlers.common.circuit.events import (
    Alarm,
    Disable,
    Enable,
    Event,
    Probed,
    ProbeNow,
    Tick,
    Trip,
    Verdict,
)
from handlers.common.circuit.rules import Rules
from handlers.common.circuit.state import Circuit, State
from handlers.common.errors import Cause

Jitter = Callable[[], float]
"""A number in [0, 1): random.random outside of tests."""

EMPTY_TURNS = 2
"""Turns on which the queue must be empty before a healthy bank is believed without a message."""


def probe_due(circuit: Circuit, now: float) -> bool:
    """Whether an open circuit has waited long enough."""
    return circuit.state is State.OPEN and now >= circuit.retry_at


class Machine:
    """The rules of one stack applied to circuits."""

    def __init__(self, rules: Rules, jitter: Jitter) -> None:
        self.rules = rules
        self._jitter = jitter

    def after(self, circuit: Circuit, event: Event, now: float) -> Circuit | None:  # noqa: PLR0911 - one for each event
        """The circuit after the event, or None where the event changes nothing."""
        match event:
            case Trip():
                return self._tripped(circuit, event, now)
            case Alarm():
                return self._alarmed(circuit, event, now)
            case Disable():
                return self._held(circuit, event, now)
            case Enable():
                return self._enabled(circuit, event, now)
            case ProbeNow():
                return replace(circuit, retry_at=now) if circuit.state is State.OPEN else None
            case Probed():
                return self._probed(circuit, event, now)
            case Tick():
                return self._ticked(circuit, now)

    def wanted_mapping(self, circuit: Circuit, full: int) -> tuple[bool, int]:
        """Whether the event source mapping is to be enabled, and with which concurrency.

        Two is the least that Lambda takes for MaximumConcurrency.
        https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
        """
        if circuit.state is State.HALF_OPEN:
            return True, min(self.rules.ramp_concurrency, full)
        return circuit.state is State.CLOSED, full

    def cool_down(self, openings: int, retry_after: float = 0.0) -> float:
        """Seconds until the next probe: doubled with each opening in a row, less up to a fifth.

        Jitter only shortens, so the cap (which retention is checked against) holds. What the bank
        asks for in `Retry-After` is respected up to the cap.
        """
        cap = self.rules.cool_down_cap
        doubled = min(self.rules.cool_down * 2.0 ** min(openings, 30), cap)
        return max(doubled * (1 - 0.2 * self._jitter()), min(retry_after, cap))

    def _tripped(self, circuit: Circuit, trip: Trip, now: float) -> Circuit | None:
        if not circuit.calls_allowed or trip.generation != circuit.generation:
            return None
        cool_down = self.cool_down(circuit.openings, trip.retry_after)
        return self._opened(circuit, now, trip.who, trip.why, trip.cause, cool_down)

    def _alarmed(self, circuit: Circuit, alarm: Alarm, now: float) -> Circuit | None:
        if not circuit.calls_allowed or alarm.at <= circuit.since:
            return None
        cool_down = self.cool_down(circuit.openings)
        return self._opened(circuit, now, "alarm", alarm.why, Cause.ALARM, cool_down)

    def _held(self, circuit: Circuit, order: Disable, now: float) -> Circuit:
        held = self._moved(circuit, State.HELD, now, order.who, order.why)
        return replace(held, cause=Cause.OPERATOR, hold_until=order.hold_until)

    def _enabled(self, circuit: Circuit, order: Enable, now: float) -> Circuit | None:
        if circuit.calls_allowed:
            return None
        return self._half_opened(circuit, now, order.who, order.why)

    def _probed(self, circuit: Circuit, probed: Probed, now: float) -> Circuit | None:
        if circuit.state is not State.OPEN or probed.generation != circuit.generation:
            return None
        if probed.verdict is Verdict.WELL:
            return self._half_opened(circuit, now, "probe", probed.why)
        if probed.verdict is Verdict.UNWELL:
            cause = probed.cause or circuit.cause or Cause.UNAVAILABLE
            drawn = min(probed.cool_down, self.rules.cool_down_cap)
            cool_down = drawn or self.cool_down(circuit.openings)
            return self._opened(circuit, now, "probe", probed.why, cause, cool_down)
        empty = circuit.empty_turns + 1 if probed.verdict is Verdict.EMPTY else 0
        if empty >= EMPTY_TURNS:
            return self._half_opened(circuit, now, "probe", "the bank is well, the queue is empty")
        # Half a turn: the next turn comes a moment early or late, and must find it due.
        return replace(circuit, retry_at=now + self.rules.turn / 2, empty_turns=empty)

    def _ticked(self, circuit: Circuit, now: float) -> Circuit | None:
        if circuit.state is State.HALF_OPEN and now >= circuit.ramp_until:
            closed = self._moved(circuit, State.CLOSED, now, "manager", "ramp passed")
            return replace(closed, openings=0)
        hold_over = circuit.hold_until is not None and now >= circuit.hold_until
        if circuit.state is State.HELD and hold_over:
            opened = self._moved(circuit, State.OPEN, now, "manager", "the hold ended")
            return replace(
                opened, cause=Cause.OPERATOR, cool_down=self.rules.cool_down, retry_at=now
            )
        return None

    def _opened(  # noqa: PLR0913, PLR0917 - who, why and how long are the opening
        self, circuit: Circuit, now: float, who: str, why: str, cause: Cause, cool_down: float
    ) -> Circuit:
        return replace(
            self._moved(circuit, State.OPEN, now, who, why),
            cause=cause,
            openings=circuit.openings + 1,
            cool_down=cool_down,
            retry_at=now + cool_down,
        )

    def _half_opened(self, circuit: Circuit, now: float, who: str, why: str) -> Circuit:
        moved = self._moved(circuit, State.HALF_OPEN, now, who, why)
        return replace(moved, cause=circuit.cause, ramp_until=now + self.rules.ramp)

    @staticmethod
    def _moved(circuit: Circuit, state: State, now: float, who: str, why: str) -> Circuit:
        return Circuit(
            service=circuit.service,
            state=state,
            generation=circuit.generation + 1,
            since=now,
            left_closed_at=now if circuit.state is State.CLOSED else circuit.left_closed_at,
            who=who,
            why=why,
            openings=circuit.openings,
        )
