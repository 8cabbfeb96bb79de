"""The rule of the system before this one: a 500 disables the subscription, a person enables it.

See rivals.md for the lines of its code that each rule comes from.
"""

from typing import Any

from bench.rivals.consumer import OneMessage, Rival
from handlers.common.errors import BankUnavailable
from handlers.subscription_manager.ports import MappingBusy

RETRY = 60.0
"""Seconds after which the person tries again where Lambda refuses a change."""


class Original(Rival):
    """Swallows every message that fails, and stops at a 500 until somebody comes."""

    _waiting = False

    def state(self) -> str:
        """See System."""
        return "open" if self._waiting else "closed"

    def worker(self) -> OneMessage:
        """See Rival."""
        call = self.client()

        def work(message: dict[str, Any]) -> None:
            try:
                call(message)
            except Exception as error:  # noqa: BLE001 - as there: everything is caught and logged
                self.truth.end(message["message_id"], "swallowed")
                if isinstance(error, BankUnavailable) and error.status is not None:
                    self._disable()
            else:
                self.truth.end(message["message_id"], "completed")

        return work

    def _disable(self) -> None:
        self.events["disables"] += 1
        try:
            self.mapping.change("mapping", enabled=False, concurrency=self.concurrency)
        except MappingBusy:
            return
        if not self._waiting:
            self._waiting = True
            self.events["pauses"] += 1
            self.engine.at(self.engine.now + self.case.person, self._enable)

    def _enable(self) -> None:
        try:
            self.mapping.change("mapping", enabled=True, concurrency=self.concurrency)
        except MappingBusy:
            self.engine.at(self.engine.now + RETRY, self._enable)
            return
        self._waiting = False
