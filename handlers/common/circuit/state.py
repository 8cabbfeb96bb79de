"""A circuit as it is kept: where it stands, since when, and what that lets through."""

from enum import StrEnum

import msgspec

from handlers.common.circuit.rules import Rules
from handlers.common.errors import Cause

VERSION = 1
"""Of the stored item. A worker that meets a higher one hands back: it is the older image."""


class State(StrEnum):
    """Where a circuit stands."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"
    HELD = "held"


class Circuit(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one service's circuit.

    Attributes:
        generation: Grows with every transition; a trip from an older one is void.
        since: When this state began (epoch seconds).
        left_closed_at: When it last ceased to be closed; an outage is as long ago as this.
        openings: Openings in a row without a close between; the cool-down doubles with each.
        cool_down: Length of the present open period.
        retry_at: When the next probe is due, while open.
        hold_until: When an operator's hold ends by itself; None holds until `enable`.
        ramp_until: When a half-open circuit closes.
        empty_turns: Turns in a row on which a probe found the queue empty.
    """

    service: str
    state: State = State.CLOSED
    generation: int = 0
    since: float = 0.0
    left_closed_at: float = 0.0
    cause: Cause | None = None
    who: str = "deployment"
    why: str = ""
    openings: int = 0
    cool_down: float = 0.0
    retry_at: float = 0.0
    hold_until: float | None = None
    ramp_until: float = 0.0
    empty_turns: int = 0
    version: int = VERSION

    @property
    def calls_allowed(self) -> bool:
        """Whether a worker may call the bank."""
        return self.state in (State.CLOSED, State.HALF_OPEN)

    def hidden_for(self, now: float, rules: Rules) -> float:
        """Seconds a message that is handed back now stays hidden.

        Not longer than deliveries go on after the mapping is disabled (`drain_time`): after that
        nothing polls, and a recovery that comes early finds the messages visible. Not shorter than
        half a turn: where a mapping is slow to stop, a due probe would have them back each second.
        """
        if self.state is State.OPEN:
            left = max(self.retry_at - now, rules.turn / 2, 1.0)
            return min(left, rules.drain_time)
        return rules.drain_time
