"""The way of one transaction, heard while the worker itself works it off."""

import logging
import time
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from handlers.common.bank.client import Bank
from handlers.common.circuit.gate import Gate
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.store import CircuitStore
from handlers.common.ledger.entries import Ledger
from handlers.common.ledger.fingerprints import Fingerprints
from handlers.common.memory import MemoryCircuitStore, MemoryLedger
from handlers.common.standalone import BuiltInBank, LoggedOutcomes, NoQueue
from handlers.common.worker.attempts import Retry
from handlers.common.worker.batches import Worker
from handlers.common.worker.dead_letters import DeadLetters
from handlers.common.worker.outcomes import Outcomes
from handlers.common.worker.processing import Processor
from handlers.payment_processing.payments import FeeSchedule, Payments
from tools.documented_circuit import RULES

SERVICE = "payment-processing"
RECORD: dict[str, Any] = {
    "messageId": "carrier",
    "receiptHandle": "receipt",
    "body": '{"message_id": "m-1", "transaction_type": "payment", "customer_id": "c-1", '
    '"amount": "120.00", "payment_method": "bank_account"}',
    "attributes": {"MessageGroupId": "c-1", "SentTimestamp": "0"},
    "messageAttributes": {},
    "eventSource": "aws:sqs",
}
PARTS = {
    "queue": "FIFO queue",
    "worker": "worker",
    "circuit": "circuit table",
    "ledger": "ledger",
    "bank": "bank",
    "outcomes": "outcomes topic",
}
SAID = {
    ("circuit", "read"): "gate: is the circuit closed? (at most once a second)",
    ("ledger", "begin"): "take the entry: in progress, attempt + 1, lease (conditional)",
    ("bank", "call"): "call, with the ledger's key as idempotency key",
    ("outcomes", "announce"): "announce the end",
    ("ledger", "write"): "the end",
}
"""A call that is not among them has no place in the diagram yet: the page cannot be made."""


@dataclass(frozen=True)
class Overheard:
    """Something that the worker speaks to, and every call of its methods."""

    part: str
    real: object
    calls: list[tuple[str, str]]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the real one has
        method = getattr(self.real, name)

        def heard(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - handed on
            self.calls.append((self.part, name))
            return method(*arguments, **named)

        return heard


def calls_of_one_payment() -> list[tuple[str, str]]:
    """What the worker asks of the others for a payment that completes, in order."""
    calls: list[tuple[str, str]] = []

    def overheard(part: str, real: object) -> Any:  # noqa: ANN401 - cast where it is used
        return Overheard(part, real, calls)

    retry = Retry(max_attempts=5, backoff=5, backoff_cap=900, key_memory=86_400, bank_timeout=12)
    processor = Processor(
        SERVICE,
        Payments(
            FeeSchedule(threshold=Decimal(100), rate=Decimal("0.025")), wait_for_account=False
        ),
        gate=Gate(
            SERVICE,
            cast("CircuitStore", overheard("circuit", MemoryCircuitStore())),
            Machine(RULES, lambda: 0.0),
            announce=lambda service, trip: None,  # noqa: ARG005 - nothing trips
            who="worker",
            clock=time.time,
        ),
        ledger=cast("Ledger", overheard("ledger", MemoryLedger())),
        fingerprints=Fingerprints(lambda: bytes(32)),
        bank=cast("Bank", overheard("bank", BuiltInBank())),
        outcomes=cast("Outcomes", overheard("outcomes", LoggedOutcomes())),
        dead_letters=cast("DeadLetters", overheard("dead letters", NoQueue())),
        retry=retry,
        clock=time.time,
    )
    worker = Worker(processor, NoQueue(), retry, time.time)
    logging.disable()
    try:
        answer = worker.batch([RECORD], remaining=30)
    finally:
        logging.disable(logging.NOTSET)
    if answer["batchItemFailures"]:
        raise RuntimeError("the payment did not come to its end")
    return calls


def transaction_diagram() -> str:
    """The calls as a Mermaid diagram."""
    lines = ["sequenceDiagram", *(f"    participant {k} as {v}" for k, v in PARTS.items())]
    lines.append("    queue->>worker: batch, in order per customer")
    for part, method in calls_of_one_payment():
        lines.append(f"    worker->>{part}: {SAID[part, method]}")
        if part == "bank":
            lines.append("    bank-->>worker: yes")
    lines.append("    worker-->>queue: done: deleted")
    return "\n".join(["```mermaid", *lines, "```"])
