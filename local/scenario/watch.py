"""What is seen of a running system from outside: books, queues, circuits, mappings, outcomes."""

import threading
import time
from collections.abc import Callable

import msgspec
import urllib3

from control.records import Records, Transition
from local.access import Access
from local.bank.books import Booking, Call
from local.errors import LocalError
from local.project import PREFIX
from local.queues import Received, depth, receive_all
from local.scenario.facts import Announced, Booked, DeadLetter, Facts
from local.tap import Tap
from local.waiting import seen

LOOK_AGAIN = 0.1
"""Seconds between two looks while waiting."""

MOST = 1000
"""Transitions of a circuit: far more than a story has."""


class NotSeenError(LocalError):
    """What the story waits for did not happen in time."""


class Watcher:
    """Follows one system. The books are read on from where the last reading stopped.

    Args:
        access: to the system.
        tap: on its outcomes.
        check: raises where a part of the system is gone, so that nobody waits for it.
    """

    def __init__(self, access: Access, tap: Tap, check: Callable[[], None]) -> None:
        self._access = access
        self._check = check
        self._tap = tap
        self._circuits = Records(access.dynamodb, access.outputs.circuit_table)
        self._lock = threading.Lock()
        self._http = urllib3.PoolManager(ca_certs=str(access.emulator.ca_bundle), timeout=5.0)
        self.calls: list[Call] = []
        self.bookings: list[Booking] = []
        self.announced: list[Announced] = []

    def read_outcomes(self) -> None:
        """Read what was announced since the last reading."""
        with self._lock:
            self.announced += [
                Announced(
                    service=outcome.service,
                    message_id=outcome.message_id,
                    outcome=outcome.outcome,
                    code=outcome.code,
                )
                for outcome in self._tap.read()
            ]

    def read_books(self) -> None:
        """Read what is new in the bank's books.

        A call that was still without an answer is read again, so that its status is the last.
        """
        with self._lock:
            done = next(
                (place for place, call in enumerate(self.calls) if call.status is None),
                len(self.calls),
            )
            new = self._access.bank.books(calls_from=done, bookings_from=len(self.bookings))
            self.calls[done:] = new.calls
            self.bookings += new.bookings

    def depth(self, service: str) -> int:
        """Messages in a service's queue."""
        return depth(self._access.sqs, self._access.outputs.queue_urls[service])

    def receives(self, service: str) -> int:
        """How often the messages in a service's queue were received so far, all together.

        No API of SQS tells this without receiving; the emulator's own window on its queues does.
        """
        emulator = self._access.emulator
        answer = self._http.request(
            "GET",
            f"{emulator.endpoint}/_ministack/sqs/messages",
            fields={"QueueUrl": self._access.outputs.queue_urls[service]},
        )
        accounts = msgspec.json.decode(answer.data, type=_Peek).messages.values()
        queues = [queue for regions in accounts for queue in regions.values()]
        return sum(x.receives for queue in queues for found in queue.values() for x in found)

    def state(self, service: str) -> str:
        """The state of a service's circuit; closed where nothing ever happened."""
        return self._circuits.circuit(service).state

    def subscribed(self, service: str) -> bool:
        """Whether the service's event source mapping is enabled."""
        mappings = self._access.functions.list_event_source_mappings(
            FunctionName=self._access.outputs.function_names[service]
        )["EventSourceMappings"]
        return any(mapping.get("State") == "Enabled" for mapping in mappings)

    def history(self, service: str) -> list[Transition]:
        """Every transition of a circuit, the oldest first."""
        return self._circuits.history(service, MOST)

    def wait(self, seconds: float, what: str, there: Callable[[], bool]) -> float:
        """Look until it is seen; the Unix time of that moment.

        Raises:
            NotSeenError: not within these seconds; the text says what was waited for.
        """

        def look() -> bool:
            self._check()
            return there()

        if not seen(look, within=seconds, every=LOOK_AGAIN):
            raise NotSeenError(f"after {seconds:.0f} s still not seen: {what}")
        return time.time()

    def idle(self) -> bool:
        """Whether every queue is empty and every circuit closed and subscribed."""
        services = self._access.outputs.services
        return all(
            self.depth(service) == 0
            and self.state(service) == "closed"
            and self.subscribed(service)
            for service in services
        )

    def facts(self, sent: list[int]) -> Facts:
        """Everything that the checks look at. Empties dead-letter queues and the unrouted queue."""
        outputs, sqs = self._access.outputs, self._access.sqs
        self.read_books()
        dead_letters = [
            _dead_letter(service, message)
            for service, url in outputs.dead_letter_queue_urls.items()
            for message in receive_all(sqs, url)
        ]
        unrouted = [message.body for message in receive_all(sqs, outputs.unrouted_queue_url)]
        self.read_outcomes()
        return Facts(
            sent=sent,
            booked=[_booked(booking) for booking in self.bookings],
            dead_letters=dead_letters,
            unrouted=unrouted,
            announced=list(self.announced),
            waiting=self._waiting(),
        )

    def _waiting(self) -> dict[str, int]:
        urls = self._access.sqs.list_queues(QueueNamePrefix=PREFIX).get("QueueUrls", [])
        depths = {url.rpartition("/")[2]: depth(self._access.sqs, url) for url in urls}
        return {name: number for name, number in depths.items() if number}


def _booked(booking: Booking) -> Booked:
    return Booked(
        number=booking.number,
        key=booking.key,
        customer=booking.customer_id,
        amount=booking.amount,
        fee=booking.fee,
    )


class _Peeked(msgspec.Struct, frozen=True):
    receives: int = msgspec.field(name="ReceiveCount")


class _Peek(msgspec.Struct, frozen=True):
    """Messages by account, region and queue."""

    messages: dict[str, dict[str, dict[str, list[_Peeked]]]]


class _Reason(msgspec.Struct, frozen=True):
    end: str | None = None
    code: str | None = None


def _dead_letter(service: str, message: Received) -> DeadLetter:
    reason = msgspec.json.decode(message.attributes.get("reason", "{}"), type=_Reason)
    return DeadLetter(
        service=service,
        body=message.body,
        end=reason.end,
        code=reason.code,
        carrier=message.deduplication_id,
    )
