"""The demo's acts: what is sent, what breaks, who mends it, and what has to be seen of it."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from local.access import Access
from local.bank.faults import Fault
from local.scenario.lines import TRICKLE, Act, Line
from local.scenario.measure import OUTAGE_STATUS, Outage
from local.scenario.narrator import Narrator
from local.scenario.publish import Publisher
from local.scenario.watch import Watcher

SERVICE = "payment-processing"
OUTAGE = Fault(kind="fail", status=OUTAGE_STATUS, operation="payments")
PATIENCE = 45.0
"""Seconds to wait for anything; what takes longer here is a fault."""
TRICKLE_BATCH = 2
TRICKLE_PAUSE = 0.5
"""Seconds between two batches of the trickle."""
HOLD_SEEN = 3.0
"""Seconds over which a hold must outlive a healthy bank: longer than the cool-down."""


class Story:
    """Plays the acts over a running system and writes down the outages."""

    def __init__(
        self,
        lines: Sequence[Line],
        access: Access,
        watcher: Watcher,
        narrator: Narrator,
        *,
        per_second: float,
    ) -> None:
        self._lines = lines
        self._access = access
        self._watcher = watcher
        self._narrator = narrator
        self._per_second = per_second
        self.outages: list[Outage] = []
        self._broke_at = 0.0
        self.publisher = Publisher(access)

    def play(self, acts: Sequence[Act]) -> None:
        """These acts, one after the other.

        Raises:
            NotSeenError: something that belongs to the story did not happen.
        """
        played: dict[Act, Callable[[], None]] = {
            "steady": self._steady,
            "pause": self._pause,
            "outage": self._outage,
            "second_outage": self._second_outage,
            "hold": self._hold,
            "finish": self._finish,
        }
        for act in acts:
            played[act]()

    def _steady(self) -> None:
        self._say("transactions flow; some are invalid, some nobody takes, two break the bank")
        with self._flowing("steady", trickle_until=self._given_up):
            self._until("open: the bank broke on a message", "open", subscribed=False)
            self._say(f"the bank broke on a message of {SERVICE}: it pauses and tries again")
        if self._given_up():
            self._say("others succeed, so the two messages that break the bank are dead letters")
            self._closed()

    def _pause(self) -> None:
        self._say(f"an operator pauses {SERVICE} by a message on the control topic")
        self._command("disable", "planned work at the bank")
        self._until("held and unsubscribed", "held", subscribed=False)
        with self._flowing("pause"):
            pass
        self._say(f"{SERVICE} is held, {self._depth()} messages wait; bank-account-setup goes on")
        self._command("enable", "the work is done")
        self._closed()

    def _outage(self) -> None:
        with self._flowing("outage"):
            self._break()
            self._until("open and unsubscribed", "open", subscribed=False)
            self._say("the service has paused itself; the queue grows")
        self._heal("first", "the service itself")
        self._closed()

    def _second_outage(self) -> None:
        with self._flowing("second_outage"):
            self._break()
            self._until("open", "open", subscribed=False)
        self._heal("second", "an operator's enable")
        self._command("enable", "the bank is back")
        self._closed()

    def _hold(self) -> None:
        with self._flowing("hold"):
            self._break()
            self._until("open", "open", subscribed=False)
            self._say("an operator holds the service: it must not come back by itself")
            self._command("disable", "until the books are checked", hold=timedelta(hours=1))
            self._until("held", "held", subscribed=False)
        self._heal("third, held", "an operator's enable")
        self._stays_held()
        self._say(f"the bank was healthy for {HOLD_SEEN:.0f} s, the hold stands; enable ends it")
        self._command("enable", "the books are right")
        self._closed()

    def _finish(self) -> None:
        self._say("the rest: repeats of what is long done, and ids that come with another body")
        with self._flowing("finish", trickle_until=self._given_up):
            pass
        self._watcher.wait(PATIENCE, "empty queues and closed circuits", self._watcher.idle)

    @contextlib.contextmanager
    def _flowing(
        self, act: Act, *, trickle_until: Callable[[], bool] | None = None
    ) -> Generator[None]:
        """Send an act's lines while the block plays; the block ends when all are sent.

        With a condition the last lines trickle until it is true: a message that the bank breaks
        on is given up only while others succeed.
        """
        lines = [line for line in self._lines if line.act == act]
        tail = 0 if trickle_until is None else min(TRICKLE, len(lines))
        stream, trickle = lines[: len(lines) - tail], lines[len(lines) - tail :]
        stop = threading.Event()

        def send() -> None:
            self.publisher.send(stream, per_second=self._per_second, stop=stop)
            for place in range(0, tail, TRICKLE_BATCH):
                if trickle_until is None or trickle_until() or stop.is_set():
                    self.publisher.send(trickle[place:], per_second=self._per_second, stop=stop)
                    return
                batch = trickle[place : place + TRICKLE_BATCH]
                self.publisher.send(batch, per_second=self._per_second, stop=stop)
                stop.wait(TRICKLE_PAUSE)

        with ThreadPoolExecutor(max_workers=1) as pool:
            sending = pool.submit(send)
            try:
                yield
            except BaseException:
                stop.set()
                raise
            sending.result()

    def _given_up(self) -> bool:
        """Whether the end of every message that breaks the bank was announced."""
        self._watcher.read_outcomes()
        ends = {x.message_id for x in self._watcher.announced if x.outcome == "dead_lettered"}
        return ends >= {
            line.message_id
            for line in self._lines
            if line.expect.end == "dead_lettered" and line.number in self.publisher.sent
        }

    def _break(self) -> None:
        self._access.bank.break_with(OUTAGE)
        self._broke_at = time.time()
        self._say(f"the bank breaks: every payment is answered with {OUTAGE_STATUS}")

    def _heal(self, name: str, ended_by: str) -> None:
        waiting, burned = self._depth(), self._watcher.receives(SERVICE)
        self._access.bank.heal()
        self.outages.append(
            Outage(
                name=name,
                service=SERVICE,
                broke_at=self._broke_at,
                healed_at=time.time(),
                waiting=waiting,
                receives_burned=burned,
                ended_by=ended_by,
            )
        )
        self._say(f"the bank heals; {waiting} messages wait")

    def _stays_held(self) -> None:
        end = time.time() + HOLD_SEEN
        self._watcher.wait(
            HOLD_SEEN + PATIENCE,
            "a hold that outlives a healthy bank",
            lambda: self._watcher.state(SERVICE) != "held" or time.time() > end,
        )
        self._until("still held", "held", subscribed=False)

    def _command(self, action: str, reason: str, hold: timedelta | None = None) -> None:
        message = {
            "action": action,
            "service": SERVICE,
            "reason": reason,
            "operator": "demo",
            "timestamp": datetime.now(UTC).isoformat(),
        }
        if hold is not None:
            message["hold_until"] = (datetime.now(UTC) + hold).isoformat()
        self._access.sns.publish(
            TopicArn=self._access.outputs.control_topic_arn, Message=json.dumps(message)
        )

    def _until(self, what: str, state: str, *, subscribed: bool) -> None:
        self._watcher.wait(
            PATIENCE,
            f"{SERVICE} {what}",
            lambda: (
                self._watcher.state(SERVICE) == state
                and self._watcher.subscribed(SERVICE) == subscribed
            ),
        )

    def _closed(self) -> None:
        self._until("closed and subscribed", "closed", subscribed=True)
        self._say(f"{SERVICE} is closed again, {self._depth()} messages wait")

    def _depth(self) -> int:
        return self._watcher.depth(SERVICE)

    def _say(self, text: str) -> None:
        self._narrator.say(text)
