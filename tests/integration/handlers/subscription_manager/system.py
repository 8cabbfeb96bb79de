"""One service and its manager over AWS's real APIs, as the embedded AWS answers them."""

import json
import time
from typing import Any
from uuid import uuid4

import msgspec
from msgspec.structs import replace

from handlers.common.circuit.dynamo import DynamoCircuitStore
from handlers.common.circuit.events import Trip, Verdict
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.probes import ProbeAnswer
from handlers.common.circuit.rules import Rules
from handlers.common.circuit.state import Circuit
from handlers.common.errors import Cause
from handlers.subscription_manager.cloudwatch_alarms import CloudWatchAlarms
from handlers.subscription_manager.dynamo_records import DynamoRecords
from handlers.subscription_manager.lambda_mappings import LambdaMappings
from handlers.subscription_manager.ledger_precedence import LedgerPrecedence
from handlers.subscription_manager.manager import Manager
from handlers.subscription_manager.ports import Ports
from handlers.subscription_manager.settings import Managed
from handlers.subscription_manager.sns_notifications import SnsNotifications
from handlers.subscription_manager.sqs_letters import SqsLetters
from handlers.subscription_manager.sqs_queues import SqsQueues
from tests.emulated_account import Account, eventually
from tests.tables import make_circuit_table, make_ledger_table
from tests.unit.handlers.subscription_manager.services import RULES
from tests.unit.handlers.subscription_manager.tap import Tap

TURN = 6.0
FAST: Rules = replace(RULES, turn=TURN, cool_down=3, ramp=9)
RETENTION = 3600.0
FULL = 10
SERVICE = "payments"


class Prober:
    """The worker's side, which obeys only the owner of the lease in the table."""

    def __init__(self, circuits: DynamoCircuitStore) -> None:
        self.circuits = circuits
        self.verdict = Verdict.WELL
        self.takes = 0.0
        self.generations: list[int] = []

    def probe(self, managed: Managed, generation: int, lease: str) -> ProbeAnswer:
        if self.circuits.lease_owner(managed.service) != lease:
            return ProbeAnswer(verdict=Verdict.UNDECIDED, why="the lease is another's")
        self.generations.append(generation)
        time.sleep(self.takes)
        return ProbeAnswer(verdict=self.verdict)


class System:
    """One service with all that the manager looks after, and a clock that can be put forward."""

    def __init__(self, account: Account, rules: Rules = FAST) -> None:
        self.account = account
        self.ahead = 0.0
        self.circuit_table = make_circuit_table(account.tables, account.name("circuit"))
        self.ledger_table = make_ledger_table(account.tables, account.name("ledger"))
        self.dead_letters = account.queue()
        self.queue = account.queue()
        self.topic = account.topic(fifo=False)
        self.news = account.queue(fifo=False, open_to=self.topic)
        account.subscribe(self.topic, account.queue_arn(self.news), RawMessageDelivery="true")
        self.mapping = account.map(
            self.queue, account.function(), ScalingConfig={"MaximumConcurrency": FULL}
        )
        self.alarm = account.name("errors")
        self.managed = Managed(
            service=SERVICE,
            function="unused",
            mapping=self.mapping,
            queue=self.queue,
            dead_letter_queue=self.dead_letters,
            concurrency=FULL,
            alarm=self.alarm,
            timeout=5,
        )
        self.machine = Machine(rules, lambda: 0.0)
        self.circuits = DynamoCircuitStore(account.tables, self.circuit_table)
        self.records = DynamoRecords(account.tables, self.circuit_table, self.circuits)
        self.mappings = LambdaMappings(account.functions)
        self.prober = Prober(self.circuits)
        self.metrics: list[tuple[str, float]] = []
        account.settle(self.mapping)

    def clock(self) -> float:
        return time.time() + self.ahead

    def manager(self, tap: Tap | None = None) -> Manager:
        tap = tap or Tap()
        account = self.account
        ports = Ports(
            circuits=tap.through("circuits", self.circuits),
            records=tap.through("records", self.records),
            mappings=tap.through("mappings", self.mappings),
            queues=tap.through("queues", SqsQueues(account.sqs, account.metrics, self.clock)),
            prober=tap.through("prober", self.prober),
            alarms=tap.through("alarms", CloudWatchAlarms(account.metrics)),
            notifications=tap.through("news", SnsNotifications(account.sns, self.topic)),
            letters=tap.through("letters", SqsLetters(account.sqs)),
            precedence=tap.through(
                "precedence", LedgerPrecedence(account.tables, self.ledger_table)
            ),
            emit=self._emit,
            clock=self.clock,
            pause=time.sleep,
            new_owner=lambda: str(uuid4()),
        )
        return Manager(ports, self.machine, [self.managed], RETENTION)

    def turn(self, tap: Tap | None = None) -> dict[str, Any]:
        return self.ask({"action": "reconcile"}, tap)

    def next_turn(self) -> None:
        self.ahead += TURN
        self.account.settle(self.mapping)
        self.turn()

    def ask(self, event: dict[str, Any], tap: Tap | None = None) -> dict[str, Any]:
        answer = self.manager(tap).handle(event, self.clock() + 60)
        (service,) = msgspec.to_builtins(answer)["services"]
        return service

    def hold(self) -> None:
        """An operator holds the service: nothing takes from its queue any more."""
        self.ask({"action": "disable"})
        eventually(lambda: self.account.state(self.mapping) == "Disabled")

    def circuit(self) -> Circuit:
        return self.circuits.read(SERVICE).circuit

    def trip(self) -> None:
        before = self.circuit()
        trip = Trip(generation=before.generation, cause=Cause.UNAVAILABLE, why="503", who="worker")
        after = self.machine.after(before, trip, self.clock())
        assert after is not None
        assert self.circuits.write(before, after)

    def agrees(self) -> bool:
        wanted = self.machine.wanted_mapping(self.circuit(), FULL)
        return self.mappings.view(self.mapping).agrees(*wanted)

    def heard(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while batch := self.account.receive(self.news, wait=1 if not found else 0):
            found += [json.loads(message["Body"]) for message in batch]
        return found

    def dead_letter(self, number: int, code: str = "defect") -> None:
        reason = json.dumps({"end": "dead_lettered", "code": code})
        self.account.sqs.send_message(
            QueueUrl=self.dead_letters,
            MessageBody=json.dumps({"message_id": f"m-{number}", "customer_id": "c-1"}),
            MessageGroupId="c-1",
            MessageDeduplicationId=f"dead-{number}",
            MessageAttributes={
                "reason": {"DataType": "String", "StringValue": reason},
                "transaction_type": {"DataType": "String", "StringValue": "payment"},
            },
        )

    def entry(self, number: int, sent_at: int, status: str) -> None:
        self.account.tables.put_item(
            TableName=self.ledger_table,
            Item={
                "id": {"S": f"{SERVICE}#m-{number}"},
                "group": {"S": f"{SERVICE}#c-1"},
                "sent_at": {"N": str(sent_at)},
                "status": {"S": status},
            },
        )

    def _emit(self, metrics: dict[str, tuple[float, str]], **_dimensions: str) -> None:
        self.metrics += [(name, value) for name, (value, _) in metrics.items()]
