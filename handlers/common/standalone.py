"""A container started alone, without the rest of the system: ledger in memory, a built-in bank.

For trying an image by hand. It refuses to run inside AWS, where forgetting is losing.
"""

import os
import time
from collections.abc import Iterable
from typing import Any, TypeVar

from handlers.common.bank.client import BankRequest, Inquiry, Memory
from handlers.common.circuit.events import Trip
from handlers.common.circuit.gate import Gate
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.rules import Rules
from handlers.common.errors import BankRejection, BankUnavailable
from handlers.common.ledger.entries import Entry
from handlers.common.ledger.fingerprints import Fingerprints
from handlers.common.memory import MemoryCircuitStore, MemoryLedger
from handlers.common.messages.delivery import Delivery
from handlers.common.messages.transactions import Transaction
from handlers.common.telemetry.logs import logger
from handlers.common.worker.attempts import Retry
from handlers.common.worker.batches import Worker
from handlers.common.worker.kinds import Kind
from handlers.common.worker.outcomes import Outcome
from handlers.common.worker.processing import Processor

T = TypeVar("T", bound=Transaction)

TIMEOUT = 1.0
"""Seconds."""

RETRY = Retry(max_attempts=3, backoff=1, backoff_cap=1, key_memory=86_400, bank_timeout=TIMEOUT)

# Nobody is there to close the circuit again, so it never opens.
RULES = Rules(
    consecutive_failures=1_000_000,
    failure_rate=1.0,
    minimum_volume=1_000_000,
    window=60,
    slow_call=60,
    slow_call_rate=1.0,
    cool_down=5,
    cool_down_cap=5,
    ramp=5,
    ramp_concurrency=2,
    drain_time=1,
    turn=1,
)


def standalone() -> bool:
    """Whether nothing of the system is configured and this is not AWS.

    In AWS a function always has the session credentials of its role; a container started by hand
    has none, though the runtime emulator in it sets all else that Lambda sets. With one of our own
    variables set, the others are demanded by their readers.
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    in_aws = bool(os.environ.get("AWS_SESSION_TOKEN"))
    return not in_aws and "CIRCUIT_TABLE" not in os.environ


def standalone_worker(kind: Kind[T]) -> Worker[T]:
    """A worker that remembers until the container stops."""
    service = os.environ.get("SERVICE", kind.transaction_type)
    gate = Gate(
        service,
        MemoryCircuitStore(),
        Machine(RULES, lambda: 0.0),
        announce=_announce,
        who="standalone",
        clock=time.time,
    )
    processor = Processor(
        service,
        kind,
        gate=gate,
        ledger=MemoryLedger(),
        fingerprints=Fingerprints(lambda: os.urandom(32)),
        bank=BuiltInBank(),
        outcomes=LoggedOutcomes(),
        dead_letters=NoQueue(),
        retry=RETRY,
        clock=time.time,
    )
    return Worker(processor, NoQueue(), RETRY, time.time)


class BuiltInBank:
    """Books everything once, but for the customers whose ids ask for an error."""

    def __init__(self) -> None:
        self._booked: dict[str, str] = {}

    def call(self, request: BankRequest, key: str) -> str:
        """See Bank."""
        customer = str(request.body.get("customer_id", ""))
        if "ERROR400" in customer:
            raise BankRejection("bank_400", "the bank answered 400")
        if "ERROR500" in customer:
            raise BankUnavailable("the bank answered 500", sent=True, status=500)
        if "SLOW" in customer:
            time.sleep(TIMEOUT / 2)
        return self._booked.setdefault(key, f"standalone-{len(self._booked) + 1}")

    def inquire(self, key: str) -> Inquiry:
        """See Bank."""
        booked = self._booked.get(key)
        return Inquiry(Memory.BOOKED, booked) if booked else Inquiry(Memory.NOT_BOOKED)

    def check_health(self) -> None:
        """See Bank. Always well."""


class LoggedOutcomes:
    """Outcomes for people to read."""

    def announce(self, outcome: Outcome, key: str) -> None:
        """See Outcomes."""
        logger.info("outcome", extra={"outcome": outcome.outcome, "key": key})


class NoQueue:
    """There is no queue, so nothing comes from one, and nothing goes back or further."""

    def send(self, delivery: Delivery, entry: Entry, now: float) -> None:
        """See DeadLetters."""

    def __call__(self, receipts: Iterable[tuple[str, float]]) -> None:
        """See HandBack."""


def _announce(service: str, trip: Trip) -> None:
    details: dict[str, Any] = {"service": service, "cause": trip.cause}
    logger.warning("no manager to tell of the trip", extra=details)
