"""The manager over AWS's real APIs, as the embedded AWS answers them."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from msgspec.structs import replace

from handlers.common.circuit.dynamo import DynamoCircuitStore
from handlers.common.circuit.events import Trip, Verdict
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.probes import ProbeAnswer
from handlers.common.circuit.rules import Rules
from handlers.common.circuit.state import Circuit, State
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
from tests.emulated_account import Account, eventually, throttled
from tests.unit.handlers.subscription_manager.messages import sns_event
from tests.unit.handlers.subscription_manager.services import RULES
from tests.unit.handlers.subscription_manager.tap import Killed, Tap

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
        self.circuit_table = self._table("circuit")
        self.ledger_table = self._ledger()
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

    def _table(self, prefix: str) -> str:
        name = self.account.name(prefix)
        self.account.tables.create_table(
            TableName=name,
            KeySchema=[
                {"AttributeName": "service", "KeyType": "HASH"},
                {"AttributeName": "record", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "service", "AttributeType": "S"},
                {"AttributeName": "record", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        return name

    def _ledger(self) -> str:
        name = self.account.name("ledger")
        self.account.tables.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "group", "AttributeType": "S"},
                {"AttributeName": "sent_at", "AttributeType": "N"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by_group",
                    "KeySchema": [
                        {"AttributeName": "group", "KeyType": "HASH"},
                        {"AttributeName": "sent_at", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        return name


@pytest.fixture
def system(account: Account) -> System:
    return System(account)


def tripped(system: System) -> None:
    system.trip()


def probe_due(system: System) -> None:
    system.trip()
    system.turn()
    system.account.settle(system.mapping)
    system.ahead += TURN


@pytest.mark.parametrize(
    ("scenario", "number"),
    [
        *[(probe_due, number) for number in range(19)],
        *[(tripped, number) for number in (4, 9)],
    ],
)
def test_after_a_death_at_any_call_all_is_whole_within_two_turns(
    system: System, scenario: Callable[[System], None], number: int
) -> None:
    scenario(system)
    tap = Tap()
    tap.kill_after = number
    with pytest.raises(Killed):
        system.turn(tap)
    system.account.settle(system.mapping)
    system.ahead += TURN + system.managed.timeout

    system.next_turn()
    system.next_turn()

    assert system.agrees()
    announced = [one["generation"] for one in system.heard()]
    assert set(announced) == set(range(1, system.circuit().generation + 1))


@pytest.mark.parametrize(
    ("api", "operation", "code"),
    [
        ("tables", "GetItem", "ThrottlingException"),
        ("tables", "UpdateItem", "ProvisionedThroughputExceededException"),
        ("tables", "TransactWriteItems", "TransactionInProgressException"),
        ("tables", "Query", "RequestLimitExceeded"),
        ("functions", "GetEventSourceMapping", "TooManyRequestsException"),
        ("functions", "UpdateEventSourceMapping", "ResourceInUseException"),
        ("sns", "Publish", "Throttled"),
        ("sqs", "GetQueueAttributes", "RequestThrottled"),
        ("metrics", "DescribeAlarms", "Throttling"),
    ],
)
def test_after_an_api_throttled_a_whole_turn_all_is_whole_within_two_turns(
    system: System, api: str, operation: str, code: str
) -> None:
    probe_due(system)
    if operation == "DescribeAlarms":
        system.next_turn()  # the alarm is read of a circuit that lets calls through
    with throttled(getattr(system.account, api), operation, code) as refused:
        system.turn()
    assert refused

    system.next_turn()
    system.next_turn()

    assert system.agrees()
    announced = [one["generation"] for one in system.heard()]
    assert set(announced) == set(range(1, system.circuit().generation + 1))


def test_it_pauses_and_comes_back_by_itself(system: System) -> None:
    system.trip()
    system.turn()
    assert eventually(lambda: system.account.state(system.mapping) == "Disabled")

    system.next_turn()
    half_open = system.mappings.view(system.mapping)
    assert system.circuit().state is State.HALF_OPEN
    assert half_open.concurrency == FAST.ramp_concurrency
    system.next_turn()
    system.next_turn()

    assert system.circuit().state is State.CLOSED
    assert system.mappings.view(system.mapping).concurrency == FULL
    assert [one["to_state"] for one in system.heard()] == ["open", "half_open", "closed"]


def test_a_mapping_in_transition_is_asked_again_until_it_takes_the_change(system: System) -> None:
    system.account.functions.update_event_source_mapping(UUID=system.mapping, Enabled=True)
    system.trip()

    answer = system.turn()

    assert answer["turn"] == "done"
    assert eventually(lambda: system.account.state(system.mapping) == "Disabled")


def test_an_alarm_in_alarm_opens_the_circuit(system: System) -> None:
    system.account.metrics.put_metric_alarm(
        AlarmName=system.alarm,
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
    )
    system.turn()
    assert system.circuit().state is State.CLOSED
    system.account.metrics.set_alarm_state(
        AlarmName=system.alarm, StateValue="ALARM", StateReason="crashes"
    )

    system.turn()

    assert (system.circuit().state, system.circuit().cause) == (State.OPEN, Cause.ALARM)
    assert system.agrees()


def test_of_many_managers_at_once_one_probes(system: System) -> None:
    system.trip()
    system.turn()
    system.account.settle(system.mapping)
    system.ahead += TURN
    system.prober.takes = 0.3

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(system.turn, [None] * 6))

    assert system.prober.generations == [1]
    assert system.circuit().state is State.HALF_OPEN


def test_of_many_commands_at_once_the_newest_stands(system: System) -> None:
    now = system.clock()
    words = ["disable", "enable"] * 4
    events = [
        sns_event((json.dumps({"action": word, "reason": str(number)}), now + number / 1000))
        for number, word in enumerate([*words, "disable"])
    ]

    def hear(event: dict[str, Any]) -> None:
        system.manager().handle(event, system.clock() + 60)

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(hear, reversed(events)))

    assert (system.circuit().state, system.circuit().why) == (State.HELD, "8")


def test_an_operators_commands_come_by_sns_and_are_answered_on_the_notifications_topic(
    system: System,
) -> None:
    now = system.clock()
    event = sns_event(
        (json.dumps({"action": "disable", "operator": "ada", "reason": "work"}), now),
        (json.dumps({"action": "status"}), now + 0.001),
    )

    system.manager().handle(event, system.clock() + 60)

    heard = {one["kind"]: one for one in system.heard()}
    assert (heard["transition"]["to_state"], heard["transition"]["who"]) == ("held", "ada")
    (service,) = heard["status"]["services"]
    status = service["status"]
    assert (status["circuit"], status["mapping"]["agrees"]) == ("held", True)


def test_the_status_counts_what_waits(system: System) -> None:
    system.ask({"action": "disable"})
    eventually(lambda: system.account.state(system.mapping) == "Disabled")
    system.account.send(system.queue, "1", "2", "3")
    system.dead_letter(1)

    status = system.ask({"action": "status"})["status"]

    assert (status["queue"]["visible"], status["queue"]["in_flight"]) == (3, 0)
    assert status["dead_letters"] == 1


def test_the_time_to_data_loss_follows_the_age_that_cloudwatch_knows(system: System) -> None:
    system.ask({"action": "disable"})
    eventually(lambda: system.account.state(system.mapping) == "Disabled")
    system.account.send(system.queue, "1")
    system.account.metrics.put_metric_data(
        Namespace="AWS/SQS",
        MetricData=[
            {
                "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [
                    {"Name": "QueueName", "Value": system.queue.rsplit("/", maxsplit=1)[-1]}
                ],
                "Value": 600,
                "Unit": "Seconds",
            }
        ],
    )

    answer = system.ask({"action": "status"})

    assert answer["status"]["time_to_data_loss"] == RETENTION - 600


def test_a_dead_letter_goes_back_whole_but_for_its_reason(system: System) -> None:
    system.ask({"action": "disable"})
    eventually(lambda: system.account.state(system.mapping) == "Disabled")
    system.dead_letter(1)

    answer = system.ask({"action": "redrive", "operator": "ada"})

    (message,) = system.account.receive(system.queue)
    assert json.loads(message["Body"])["message_id"] == "m-1"
    assert message["Attributes"]["MessageGroupId"] == "c-1"
    values = {key: value["StringValue"] for key, value in message["MessageAttributes"].items()}
    assert values.pop("redrive_id")
    assert values == {"transaction_type": "payment"}
    assert system.account.depth(system.dead_letters) == (0, 0)
    assert answer["status"]["redrive"]["moved"] == 1


def test_a_letter_that_was_sent_and_not_deleted_goes_back_once(account: Account) -> None:
    system = System(account, replace(FAST, turn=1.0))
    system.ask({"action": "disable"})
    eventually(lambda: system.account.state(system.mapping) == "Disabled")
    system.dead_letter(1)
    tap = Tap()
    tap.before = lambda _number, name: kill_at(tap, name, "letters.delete")
    with pytest.raises(Killed):
        system.ask({"action": "redrive"}, tap)
    (letter,) = system.account.sqs.get_queue_attributes(
        QueueUrl=system.dead_letters, AttributeNames=["ApproximateNumberOfMessagesNotVisible"]
    )["Attributes"].values()
    assert letter == "1"

    system.ahead += 2 * TURN
    eventually(lambda: again(system), seconds=20)

    assert len(system.account.receive(system.queue)) == 1


def test_a_letter_older_than_a_completed_one_of_its_customer_goes_back_by_force_only(
    system: System,
) -> None:
    system.ask({"action": "disable"})
    eventually(lambda: system.account.state(system.mapping) == "Disabled")
    system.entry(1, sent_at=1000, status="dead_lettered")
    system.entry(2, sent_at=2000, status="completed")
    system.entry(3, sent_at=3000, status="dead_lettered")
    system.dead_letter(1)
    system.dead_letter(3)

    redrive = system.ask({"action": "redrive"})["status"]["redrive"]

    bodies = [json.loads(body)["message_id"] for body in system.account.bodies(system.queue)]
    assert bodies == ["m-3"]
    assert (redrive["moved"], redrive["held_back"]) == (1, 1)


def kill_at(tap: Tap, name: str, wanted: str) -> None:
    if name == wanted:
        tap.dead = True
        raise Killed


def again(system: System) -> bool:
    system.turn()
    redrive = system.records.redrive(SERVICE)
    return redrive is not None and redrive.moved == 1
