"""The worker's side of the circuit: lets calls through, counts what they bring, trips.

The state is cached for a second at most, so that a closed circuit costs one read a second and
worker, and an open one is noticed within a second by every other worker.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from handlers.common.circuit.events import Trip
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.row import Row
from handlers.common.circuit.state import VERSION, Circuit, State
from handlers.common.circuit.store import CircuitStore, Signs, View
from handlers.common.circuit.window import Window
from handlers.common.errors import AwsUnavailable, Cause, CircuitOpen, Failing
from handlers.common.telemetry.logs import logger
from handlers.common.telemetry.tally import tally

CACHED_FOR = 1.0
"""Seconds."""

DEFECTIVE_CUSTOMERS = 2
"""Customers with a defect and no success between, from which on it is not the messages' fault."""


class TripAnnouncer(Protocol):
    """Tells the manager, which alone touches the mapping."""

    def __call__(self, service: str, trip: Trip) -> None:
        """Raises AwsUnavailable; the manager's next turn finds the open circuit all the same."""
        ...


class Gate:
    """One worker's view of its service's circuit.

    Args:
        service: Whose circuit it is.
        store: Where it is kept.
        machine: The rules.
        announce: Called by the one worker whose trip was written.
        who: This worker, for the history.
        clock: Epoch seconds.
    """

    def __init__(  # noqa: PLR0913 - the gate's surroundings, passed in for tests and the simulator
        self,
        service: str,
        store: CircuitStore,
        machine: Machine,
        *,
        announce: TripAnnouncer,
        who: str,
        clock: Callable[[], float],
    ) -> None:
        self._service, self._store, self._machine = service, store, machine
        self._announce, self._who, self._clock = announce, who, clock
        self._window, self._window_of = Window(machine.rules), 0
        self._row = Row(machine.rules)
        self._view: View | None = None
        self._read_at = 0.0

    def admit(self) -> Circuit:
        """The circuit under whose generation a call may be made now.

        Raises:
            CircuitOpen: Nothing may be called; with the seconds to hide the message.
            AwsUnavailable: The state cannot be read, so nothing is called either.
        """
        circuit = self._understood(self._current())
        if not circuit.calls_allowed:
            raise CircuitOpen(f"the circuit is {circuit.state}", self.hidden_for())
        return circuit

    def admit_probe(self, probed: Circuit) -> Circuit:
        """The open circuit under which one message is let through, read anew.

        Raises:
            CircuitOpen: It has moved on since the probe began: an operator may hold it now.
            AwsUnavailable: The state cannot be read.
        """
        circuit = self._understood(self._read())
        if circuit.state is not State.OPEN or circuit.generation != probed.generation:
            raise CircuitOpen("the circuit has moved on since the probe began", self.hidden_for())
        return circuit

    @property
    def generation(self) -> int | None:
        """Of the circuit as last seen."""
        return self._view.circuit.generation if self._view else None

    @property
    def longest_wait(self) -> float:
        """Seconds that the bank may ask a message to wait; it may ask for days."""
        return self._machine.rules.cool_down_cap

    @property
    def shut(self) -> bool:
        """Whether the circuit, as last seen, lets nothing through."""
        return self._view is not None and not self._view.circuit.calls_allowed

    def hidden_for(self) -> float:
        """Seconds that a message handed back now stays hidden."""
        if self._view is None:
            return self._machine.rules.drain_time
        return self._view.circuit.hidden_for(self._clock(), self._machine.rules)

    def signs(self) -> Signs:
        """The newest signs of life; raises AwsUnavailable."""
        return self._read().signs

    def succeeded(self, circuit: Circuit, customer: str, seconds: float) -> None:
        """The bank answered, after so many seconds, be it yes or no to the customer.

        Written down only where a failure came before, and then at most once a cached second.
        """
        now = self._clock()
        self._row.succeeded()
        if self._view is not None and self._view.signs.trouble:
            self._noted(lambda: self._store.note_success(circuit, customer, now))
            self._view = View(circuit=self._view.circuit, signs=Signs(last_success_at=now))
        window = self._window_in(circuit)
        window.add(now, failed=False, seconds=seconds)
        if window.too_slow:
            why = f"calls take {self._machine.rules.slow_call:g} s and more"
            self._trip(circuit, Cause.SLOW, why, window.trouble_since(slow=True))

    def failed(self, circuit: Circuit, customer: str, failing: Failing) -> None:
        """A dependency failed: counts it, and trips where the rules say so."""
        now = self._clock()
        window = self._window_in(circuit)
        window.add(now, failed=True)
        signs = self._noted(lambda: self._store.note_failure(circuit, customer, now))
        if signs is None:
            self._look_again()
        in_a_row = signs is not None and self._row.failed(signs, now)
        at_once = failing.cause is Cause.MISCONFIGURED or circuit.state is State.HALF_OPEN
        if at_once or in_a_row or window.too_many:
            row = signs if in_a_row else None
            since = row.streak_since if row else window.trouble_since(slow=False)
            self._trip(circuit, failing.cause, str(failing), since, failing.delay or 0.0)

    def suspected(self, circuit: Circuit, customer: str) -> None:
        """Only this customer's message fails: noted, so that the next success counts as later."""
        self._noted(lambda: self._store.note_suspect(circuit, customer, self._clock()))

    def defective(self, circuit: Circuit, customer: str) -> None:
        """A message's own failure; on several customers with no success between, it trips."""
        now = self._clock()
        signs = self._noted(lambda: self._store.note_defect(circuit, customer, now))
        if signs and len(signs.defects) >= DEFECTIVE_CUSTOMERS:
            why = "messages of several customers meet a defect, and none succeeds"
            self._trip(circuit, Cause.DEFECT, why, None)

    def _understood(self, view: View) -> Circuit:
        if view.circuit.version > VERSION:
            raise CircuitOpen("the circuit was written by a newer image", self.hidden_for())
        return view.circuit

    def _window_in(self, circuit: Circuit) -> Window:
        """A generation's calls say nothing about the next one's."""
        if circuit.generation != self._window_of:
            self._window, self._window_of = Window(self._machine.rules), circuit.generation
        return self._window

    def _trip(
        self,
        circuit: Circuit,
        cause: Cause,
        why: str,
        since: float | None,
        retry_after: float = 0.0,
    ) -> None:
        """Opens the circuit; `since` is when the first of the failures behind it was seen."""
        trip = Trip(
            generation=circuit.generation,
            cause=cause,
            why=why,
            who=self._who,
            retry_after=retry_after,
        )
        opened = self._machine.after(circuit, trip, self._clock())
        if opened is None:
            return
        try:
            won = self._store.write(circuit, opened)
            if not won:
                self._look_again()
            else:
                self._view, self._read_at = View(circuit=opened), self._clock()
                logger.warning(
                    "circuit_tripped", cause=cause, why=why, generation=opened.generation
                )
                if since is not None:
                    tally.detected(self._clock() - since)
                self._announce(self._service, trip)
        except AwsUnavailable as error:
            logger.warning("trip_not_announced", detail=str(error))

    def _noted(self, note: Callable[[], Signs | None]) -> Signs | None:
        """A sign that cannot be written is lost; the message is handed back all the same."""
        try:
            signs = note()
        except AwsUnavailable as error:
            logger.warning("sign_not_written", detail=str(error))
            return None
        if signs is not None and self._view is not None:
            self._view = View(circuit=self._view.circuit, signs=signs)
        return signs

    def _look_again(self) -> None:
        """The circuit has moved on: a cached one would call on for the rest of its second."""
        self._view = None
        with suppress(AwsUnavailable):
            self._read()

    def _current(self) -> View:
        # A clock that was put back counts as a second that is over.
        if self._view is None or not 0 <= self._clock() - self._read_at < CACHED_FOR:
            return self._read()
        return self._view

    def _read(self) -> View:
        """As old as the moment of asking: an answer may have been on its way for seconds."""
        asked_at = self._clock()
        self._view = self._store.read(self._service)
        self._read_at = asked_at
        return self._view
