"""A worker that trips over AWS's real APIs, and dies or is throttled at any step of it."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from handlers.common.circuit.gate import Gate
from handlers.common.circuit.probes import ProbeAnswer, ProbeRequest
from handlers.common.circuit.state import State
from handlers.common.circuit.trips import SnsTrips
from handlers.common.ledger.dynamo import DynamoLedger
from handlers.common.ledger.entries import Status
from handlers.common.ledger.fingerprints import Fingerprints
from handlers.common.worker.batches import SqsHandBack, Worker
from handlers.common.worker.dead_letters import SqsDeadLetters
from handlers.common.worker.outcomes import SnsOutcomes
from handlers.common.worker.probe import Probe, SqsSource
from handlers.common.worker.processing import Processor
from handlers.payment_processing.payments import FeeSchedule, Payments
from handlers.subscription_manager.settings import Managed
from tests.emulated_account import Account, throttled
from tests.integration.handlers.subscription_manager.system import SERVICE, TURN, System
from tests.replacing import replace_method
from tests.unit.handlers.common.fake_bank import FakeBank
from tests.unit.handlers.common.figures import RETRY
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.tap import Killed, Tap, Tapped

QUICK = replace(RETRY, backoff=1, bank_timeout=1)
LEASE = 40.0
"""Seconds after which whatever a dead worker held is free again."""

STEPS = (
    "circuit.read",
    "secret",
    "ledger.begin",
    "bank.call",
    "circuit.note_failure",
    "circuit.write",
    "trip",
    "ledger.write",
    "hide",
)
"""Calls of a worker whose first message meets a broken bank."""


class Payer:
    """The service's worker, real but for the bank, on a queue of its own; also its own prober."""

    def __init__(self, system: System) -> None:
        self.system, self.account, self.tap = system, system.account, Tap()
        self.queue = self.account.queue()
        self.outcomes = self.account.topic()
        self.bank = FakeBank(system.clock)
        self.ledger = DynamoLedger(self.account.tables, system.ledger_table, 90 * 86_400)
        self.start()
        replace_method(system.prober, "probe", self.probe)

    def start(self) -> None:
        """A new process over the same world."""
        system, account = self.system, self.account

        def tapped(inner: object, name: str) -> Any:  # noqa: ANN401 - it stands for anything
            return Tapped(inner, name, self.tap)

        gate = Gate(
            SERVICE,
            tapped(system.circuits, "circuit"),
            system.machine,
            announce=tapped(SnsTrips(account.sns, system.topic), "trip"),
            who="worker",
            clock=system.clock,
        )
        processor = Processor(
            SERVICE,
            Payments(FeeSchedule(Decimal(100), Decimal("0.025")), wait_for_account=False),
            gate=gate,
            ledger=tapped(self.ledger, "ledger"),
            fingerprints=Fingerprints(tapped(lambda: b"a secret", "secret")),
            bank=tapped(self.bank, "bank"),
            outcomes=tapped(SnsOutcomes(account.sns, self.outcomes), "outcomes"),
            dead_letters=SqsDeadLetters(account.sqs, system.dead_letters),
            retry=QUICK,
            clock=system.clock,
        )
        hand_back = tapped(SqsHandBack(account.sqs, self.queue), "hide")
        self.worker = Worker(processor, hand_back, QUICK, system.clock)
        self._probe = Probe(
            self.worker,
            store=system.circuits,
            lease_owner=system.circuits.lease_owner,
            bank=self.bank,
            key=None,
            source=SqsSource(account.sqs, self.queue),
            hand_back=hand_back,
            machine=system.machine,
        )

    def probe(self, managed: Managed, generation: int, lease: str) -> ProbeAnswer:
        request = ProbeRequest(service=managed.service, generation=generation, lease=lease)
        return self._probe.run(request, self.system.clock() + 30)

    def deliver(self) -> None:
        """As Lambda does: what is worked off is deleted, what is not becomes visible again."""
        for message in self.account.receive(self.queue, wait=1):
            record = payment("m1", carrier=message["MessageId"])
            record["receiptHandle"] = message["ReceiptHandle"]
            try:
                back = self.worker.batch([record], 30)["batchItemFailures"]
            except Killed:
                back = [message]
                self.start()
            named = {"QueueUrl": self.queue, "ReceiptHandle": message["ReceiptHandle"]}
            if back:
                self.account.sqs.change_message_visibility(**named, VisibilityTimeout=0)
            else:
                self.account.sqs.delete_message(**named)


@pytest.fixture
def payer(account: Account) -> Payer:
    payer = Payer(System(account))
    account.send(payer.queue, payment("m1")["body"], group="c1")
    payer.bank.script = ["500"]
    return payer


def is_whole_after_two_turns(payer: Payer) -> None:
    system = payer.system
    payer.tap.faults.clear()
    payer.bank.script.clear()
    system.ahead += LEASE
    system.next_turn()
    system.next_turn()
    assert system.agrees()
    payer.deliver()
    entry = system.account.tables.get_item(
        TableName=system.ledger_table, Key={"id": {"S": f"{SERVICE}#m1"}}
    )["Item"]
    assert entry["status"]["S"] == Status.COMPLETED
    assert payer.bank.booked == [f"{SERVICE}#m1"]
    assert system.account.depth(payer.queue) == (0, 0)
    assert system.account.depth(system.dead_letters) == (0, 0)
    system.ahead += 2 * TURN
    system.next_turn()
    assert system.circuit().state is State.CLOSED


def test_the_steps_are_all_that_a_worker_does(payer: Payer) -> None:
    payer.deliver()

    assert tuple(payer.tap.calls) == STEPS
    assert payer.system.circuit().state is State.OPEN
    is_whole_after_two_turns(payer)


@pytest.mark.parametrize("step", STEPS)
def test_after_a_death_at_any_step_of_a_trip_all_is_whole_within_two_turns(
    payer: Payer, step: str
) -> None:
    payer.tap.kill(step, after=True)

    payer.deliver()

    is_whole_after_two_turns(payer)


@pytest.mark.parametrize(
    ("api", "operation", "code"),
    [
        ("tables", "GetItem", "ThrottlingException"),
        ("tables", "UpdateItem", "ProvisionedThroughputExceededException"),
        ("tables", "TransactWriteItems", "TransactionInProgressException"),
        ("sns", "Publish", "Throttled"),
        ("sqs", "ChangeMessageVisibilityBatch", "RequestThrottled"),
    ],
)
def test_after_aws_throttled_a_trip_all_is_whole_within_two_turns(
    payer: Payer, api: str, operation: str, code: str
) -> None:
    with throttled(getattr(payer.account, api), operation, code) as refused:
        payer.deliver()

    assert refused
    is_whole_after_two_turns(payer)
