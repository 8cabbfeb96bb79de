import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.emulated_account import POLLING, Account, Argument, allow, eventually
from tests.tables import make_table

PARTIAL = ["ReportBatchItemFailures"]


class Consumer:
    """A queue, a function that notes what it sees, and the mapping between them."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.seen = make_table(account.tables, account.name("seen"), "id")
        self.queue = ""
        self.mapping = ""

    def start(
        self,
        *,
        enabled: bool = True,
        visibility: int = 30,
        fifo: bool = True,
        timeout: int = 5,
        environment: dict[str, str] | None = None,
        **settings: Argument,
    ) -> "Consumer":
        self.queue = self.account.queue(fifo=fifo, VisibilityTimeout=str(visibility))
        role = self.account.role(
            allow(POLLING, self.account.queue_arn(self.queue)),
            allow("dynamodb:PutItem", self.account.arn("dynamodb", f"table/{self.seen}")),
        )
        function = self.account.function(
            "batches.work",
            role=role,
            timeout=timeout,
            environment={"SEEN": self.seen, **(environment or {})},
        )
        self.mapping = self.account.map(
            self.queue, function, Enabled=enabled, FunctionResponseTypes=PARTIAL, **settings
        )
        self.account.settle(self.mapping)
        return self

    def enable(self, *, enabled: bool = True) -> None:
        self.account.functions.update_event_source_mapping(UUID=self.mapping, Enabled=enabled)
        self.account.settle(self.mapping)

    def send(self, *bodies: str, group: str = "group") -> None:
        self.account.send(self.queue, *bodies, group=group)

    def leaves(self, body: str) -> bool:
        """Whether a message that is sent now stays in the queue; half a second is enough for it."""
        self.send(body, group=self.account.name("group"))
        time.sleep(0.5)
        return self.account.depth(self.queue) == (1, 0)

    def batches(self) -> list[dict[str, Any]]:
        found = self.account.tables.scan(TableName=self.seen, ConsistentRead=True)["Items"]
        batches = [
            {
                "bodies": [body["S"] for body in item["bodies"]["L"]],
                "begun": float(item["begun"]["S"]),
                "ended": float(item["ended"]["S"]),
                "event": json.loads(item["event"]["S"]),
            }
            for item in found
        ]
        return sorted(batches, key=lambda batch: batch["begun"])

    def bodies(self) -> list[str]:
        return [body for batch in self.batches() for body in batch["bodies"]]

    def drained(self) -> bool:
        return self.account.depth(self.queue) == (0, 0)


@pytest.fixture
def consumer(account: Account) -> Consumer:
    return Consumer(account)


def test_messages_are_delivered_and_deleted(consumer: Consumer) -> None:
    consumer.start().send("a", "b", "c")

    eventually(consumer.drained)

    assert consumer.bodies() == ["a", "b", "c"]


def test_groups_run_in_parallel(consumer: Consumer, tmp_path: Path) -> None:
    consumer.start(enabled=False, timeout=30, environment={"MEET": str(tmp_path)})
    for number in range(4):
        consumer.send(str(number), group=f"group-{number}")
    consumer.enable()

    eventually(consumer.drained)

    assert _most_at_once(consumer.batches()) > 1


def test_a_group_is_in_one_batch_at_a_time_and_in_order(consumer: Consumer) -> None:
    consumer.start(BatchSize=2, environment={"SECONDS": "0.05"})
    for number in range(12):
        consumer.send(f"{number:02}", group=f"group-{number % 2}")

    eventually(consumer.drained)

    for group in (0, 1):
        batches = [b for b in consumer.batches() if int(b["bodies"][0]) % 2 == group]
        assert _most_at_once(batches) == 1
        bodies = [body for b in batches for body in b["bodies"] if int(body) % 2 == group]
        assert bodies == sorted(bodies)


def _most_at_once(batches: list[dict[str, Any]]) -> int:
    moments = [b["begun"] for b in batches]
    return max(sum(b["begun"] <= moment < b["ended"] for b in batches) for moment in moments)


def test_no_more_batches_run_than_the_maximum_concurrency(consumer: Consumer) -> None:
    consumer.start(
        BatchSize=1, environment={"SECONDS": "0.3"}, ScalingConfig={"MaximumConcurrency": 2}
    )
    for number in range(8):
        consumer.send(str(number), group=str(number))

    eventually(consumer.drained)

    assert _most_at_once(consumer.batches()) <= 2


def test_a_batch_has_at_most_the_batch_size(consumer: Consumer) -> None:
    consumer.start(enabled=False, BatchSize=3)
    consumer.send(*"abcdefg")
    consumer.enable()

    eventually(consumer.drained)

    assert [len(batch["bodies"]) for batch in consumer.batches()] == [3, 3, 1]


def test_a_disabled_mapping_delivers_nothing_and_an_enabled_one_goes_on(
    consumer: Consumer,
) -> None:
    consumer.start().send("before")
    eventually(consumer.drained)
    consumer.enable(enabled=False)
    eventually(lambda: consumer.leaves("while disabled"))

    consumer.enable()

    eventually(consumer.drained)
    assert set(consumer.bodies()) == {"before", "while disabled"}


def test_a_batch_in_flight_finishes_when_the_mapping_is_disabled(
    consumer: Consumer, tmp_path: Path
) -> None:
    go_on = tmp_path / "go on"
    consumer.start(timeout=30, environment={"UNTIL": str(go_on)}).send("a")
    eventually(lambda: consumer.account.depth(consumer.queue) == (0, 1))

    consumer.enable(enabled=False)
    go_on.touch()

    eventually(consumer.drained)
    assert consumer.bodies() == ["a"]


def test_only_the_messages_that_failed_come_again(consumer: Consumer) -> None:
    consumer.start(enabled=False, visibility=5)
    consumer.send("good", "fail", "good too")
    consumer.enable()

    eventually(lambda: len(consumer.batches()) == 2)

    assert [batch["bodies"] for batch in consumer.batches()] == [
        ["good", "fail", "good too"],
        ["fail"],
    ]


@pytest.mark.parametrize(
    "answer",
    [
        '{"batchItemFailures": [{"itemIdentifier": "unknown"}]}',
        '{"batchItemFailures": [{"itemIdentifier": ""}]}',
        '"no object"',
    ],
)
def test_a_malformed_answer_fails_the_whole_batch(consumer: Consumer, answer: str) -> None:
    consumer.start(enabled=False, environment={"ANSWER": answer}).send("a", "b")
    consumer.enable()

    eventually(lambda: len(consumer.bodies()) == 2)
    time.sleep(0.3)

    assert consumer.account.depth(consumer.queue) == (0, 2)


def test_an_answer_of_null_is_a_success(consumer: Consumer) -> None:
    consumer.start(environment={"ANSWER": "null"}).send("a")

    eventually(lambda: len(consumer.bodies()) == 1)

    eventually(consumer.drained)


def test_a_batch_whose_handler_raises_stays_hidden_until_the_visibility_timeout(
    consumer: Consumer,
) -> None:
    consumer.start(visibility=5).send("raise")

    eventually(lambda: len(consumer.bodies()) == 2)

    _, second = consumer.batches()
    (record,) = second["event"]["Records"]
    received = int(record["attributes"]["ApproximateFirstReceiveTimestamp"]) / 1000
    assert second["begun"] - received >= 5


def test_a_record_has_the_shape_that_lambda_gives_it(consumer: Consumer) -> None:
    consumer.start()
    consumer.account.sqs.send_message(
        QueueUrl=consumer.queue,
        MessageBody="body",
        MessageGroupId="customer",
        MessageDeduplicationId="once",
        MessageAttributes={
            "kind": {"DataType": "String", "StringValue": "payment"},
            "raw": {"DataType": "Binary", "BinaryValue": b"\x00\x01"},
        },
        MessageSystemAttributes={
            "AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5f84c7a1-sample"}
        },
    )

    (batch,) = eventually(consumer.batches)
    (record,) = batch["event"]["Records"]

    assert record["body"] == "body"
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == consumer.account.queue_arn(consumer.queue)
    assert record["awsRegion"] == consumer.account.emulator.region
    assert record["messageAttributes"] == {
        "kind": {
            "stringValue": "payment",
            "stringListValues": [],
            "binaryListValues": [],
            "dataType": "String",
        },
        "raw": {
            "binaryValue": "AAE=",
            "stringListValues": [],
            "binaryListValues": [],
            "dataType": "Binary",
        },
    }
    attributes = record["attributes"]
    assert attributes["MessageGroupId"] == "customer"
    assert attributes["MessageDeduplicationId"] == "once"
    assert attributes["ApproximateReceiveCount"] == "1"
    assert attributes["AWSTraceHeader"] == "Root=1-5f84c7a1-sample"
    assert {"SequenceNumber", "SentTimestamp", "SenderId"} <= attributes.keys()


def test_standard_queues_are_polled_too(consumer: Consumer) -> None:
    consumer.start(fifo=False)
    consumer.account.sqs.send_message(QueueUrl=consumer.queue, MessageBody="a")

    eventually(consumer.drained)

    assert consumer.bodies() == ["a"]


def test_a_mapping_that_is_deleted_delivers_nothing(consumer: Consumer) -> None:
    consumer.start()
    consumer.account.functions.delete_event_source_mapping(UUID=consumer.mapping)

    eventually(lambda: consumer.leaves("a"))
