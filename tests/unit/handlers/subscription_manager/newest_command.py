"""Which command must be in force, told from the messages alone."""

import json
from datetime import datetime

from handlers.common.circuit.state import State
from handlers.subscription_manager.commands import STALE_AFTER

UNSURE = 60
"""Seconds around the age at which a command is too old: there it depends on a manager's clock."""


class NewestCommand:
    """The newest `enable` or `disable` that was delivered in time."""

    def __init__(self) -> None:
        self._at = float("-inf")
        self._action = ""
        self._hold_until: float | None = None

    def delivered(self, message: tuple[str, float], now: float) -> None:
        """Takes note of a message that the manager was given."""
        fields, at = json.loads(message[0]), message[1]
        action, age = fields["action"], now - at
        if action not in ("enable", "disable") or at <= self._at or age >= STALE_AFTER + UNSURE:
            return
        until = fields.get("hold_until")
        hold_until = datetime.fromisoformat(until).timestamp() if until else None
        over = hold_until is not None and hold_until <= now
        unsure = over or age > STALE_AFTER - UNSURE
        self._at, self._action, self._hold_until = at, "" if unsure else action, hold_until

    def allows(self, state: State) -> bool:
        """Whether a circuit may be in this state now."""
        if self._action == "disable" and self._hold_until is None:
            return state is State.HELD
        return self._action != "enable" or state is not State.HELD
