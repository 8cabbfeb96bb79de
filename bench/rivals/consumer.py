"""What the rivals have in common: a FIFO queue as AWS recommends it, and a worker that calls.

Visibility six times the function's timeout, five receives before the dead-letter queue: the figures
of https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html. See rivals.md.
"""

import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol

from bench.simulator.bank import Bank
from bench.simulator.case import Case, Result
from bench.simulator.clients import SecretsClient
from bench.simulator.deaths import Fate, Step
from bench.simulator.engine import Engine
from bench.simulator.lane import Lane
from bench.simulator.stack import Stack
from bench.simulator.truth import Truth
from handlers.common.bank.client import BankRequest, HttpBank
from handlers.common.bank.key import BankKey

MAX_RECEIVES = 5


class Failed(Exception):
    """The message was not worked off."""


class OneMessage(Protocol):
    """How a rival works one message off."""

    def __call__(self, message: dict[str, Any]) -> None:
        """Raises Failed where the message is to come again."""
        ...


class Consumer:
    """One execution environment of a rival.

    Messages are worked in order; after a failure the rest of its customer's goes back, as
    Powertools' SqsFifoPartialProcessor does with skip_group_on_error (its kinder setting).
    """

    def __init__(self, work: OneMessage, fate: Fate) -> None:
        self._work, self._fate = work, fate

    def batch(self, records: list[dict[str, Any]], remaining: float) -> set[str]:
        """See lambdas.Worker."""
        del remaining
        self._fate.passes(Step.STARTED)
        failed: set[str] = set()
        stopped: set[str] = set()
        for record in records:
            group = record["attributes"]["MessageGroupId"]
            if group not in stopped:
                try:
                    self._work(json.loads(record["body"]))
                    continue
                except Failed:
                    stopped.add(group)
            failed.add(record["messageId"])
        return failed


class Rival(Lane[Consumer]):
    """One service of a rival; subclasses say how a message is worked off."""

    def __init__(  # noqa: PLR0913, PLR0917 - a world's parts
        self,
        engine: Engine,
        case: Case,
        stack: Stack,
        bank: Bank,
        truth: Truth,
        rng: random.Random,
    ) -> None:
        super().__init__(engine, case, stack, max_receives=MAX_RECEIVES)
        self.truth, self._bank = truth, bank
        self.events: Counter[str] = Counter()
        self.serve(rng)

    @property
    def settled(self) -> bool:
        """See System."""
        return self.queue.total == 0

    def state(self) -> str:
        """See System; a rival without a circuit is always closed."""
        return "closed"

    def report(self, result: Result, healed_at: float) -> None:
        """See System."""
        del healed_at
        result.events = dict(self.events)

    def worker(self) -> OneMessage:
        """A new environment's way to work one message off."""
        raise NotImplementedError

    def client(self) -> Callable[[dict[str, Any]], None]:
        """Calls the bank for a message, under its id as the idempotency key."""
        key = BankKey(SecretsClient(self._bank.secret), "bank", self.engine.clock)  # pyright: ignore[reportArgumentType] - a client's shape, not its type
        bank = HttpBank("https://bank", key, connect_timeout=2, read_timeout=10)
        bank._http = self._bank  # noqa: SLF001 # pyright: ignore - the pool is where the network begins

        def call(message: dict[str, Any]) -> None:
            self.fate.passes(Step.ENTERED)
            customer = message["customer_id"]
            if customer in self.case.deadly:
                self.fate.strike()
            if self._broken(customer):
                raise ZeroDivisionError
            body = {"customer_id": customer, "amount": message["amount"]}
            bank.call(BankRequest("/v1/payments", body), message["message_id"])
            self.fate.passes(Step.ANSWERED)

        return call

    def _broken(self, customer: str) -> bool:
        """Whether our own code breaks on the message, as in the case."""
        broken, now = self.case.defect, self.engine.now - self.start
        during = broken is not None and broken[0] <= now < broken[1]
        return during or customer in self.case.poison

    def new_worker(self) -> Consumer:
        """See Lane."""
        return Consumer(self.worker(), self.fate)
