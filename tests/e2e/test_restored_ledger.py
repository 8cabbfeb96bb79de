"""The ledger is brought back to an older moment under the running system: docs/restore.md, played.

The embedded AWS restores a backup; to a point in time it restores the present only. So the backup
of step 3 is made at the moment to which the ledger goes back.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from local.bank.desk import Settings as BankSettings
from local.queues import depth
from local.system import System
from tests.waiting import until

SERVICE = "payment-processing"
PATIENCE = 90.0
LOOK = 0.2
KEY_MEMORY = 2.0
"""Seconds after which a worker no longer trusts the bank to know a key, as a day is on AWS."""


class Payments:
    """The running system, as far as the payments are concerned."""

    def __init__(self, system: System) -> None:
        self.system, self.access = system, system.access
        self.outputs = system.access.outputs
        self._sent = 0
        self.moment = 0.0
        self.calls_before = 0

    def pay(self, message: str) -> None:
        """Send a payment; a second time it is a repeat that SNS cannot know."""
        self._sent += 1
        body = {
            "message_id": message,
            "transaction_type": "payment",
            "customer_id": f"customer-of-{message}",
            "amount": "10.00",
            "payment_method": "ach",
        }
        self.access.sns.publish(
            TopicArn=self.outputs.transaction_topic_arn,
            Message=json.dumps(body),
            MessageGroupId=body["customer_id"],
            MessageDeduplicationId=f"{message}-{self._sent}",
            MessageAttributes={
                "transaction_type": {"DataType": "String", "StringValue": "payment"}
            },
        )

    def command(self, action: str) -> None:
        message = {"action": action, "service": SERVICE, "reason": "restoring the ledger"}
        topic = self.outputs.control_topic_arn
        self.access.sns.publish(TopicArn=topic, Message=json.dumps(message))

    def status(self) -> Mapping[str, Any]:
        """What the manager says of the service."""
        answer = self.access.functions.invoke(
            FunctionName=self.outputs.function_names["subscription-manager"],
            Payload=json.dumps({"action": "status", "service": SERVICE}),
        )
        return json.load(answer["Payload"])["services"][0]["status"]

    def circuit(self) -> str:
        return self.status()["circuit"]

    def entry(self, message: str) -> str:
        """Where the ledger says that a payment stands."""
        found = self.access.dynamodb.get_item(
            TableName=self.outputs.ledger_table, Key={"id": {"S": f"{SERVICE}#{message}"}}
        )
        return found.get("Item", {}).get("status", {}).get("S", "")

    def calls(self) -> int:
        return len(self.access.bank.books().calls)

    def booked(self, message: str) -> int:
        """How often the bank took this payment."""
        bookings = self.access.bank.books().bookings
        return [booking.key for booking in bookings].count(f"{SERVICE}#{message}")

    # The steps of the procedure

    def back_up(self) -> str:
        made = self.access.dynamodb.create_backup(
            TableName=self.outputs.ledger_table, BackupName="ledger"
        )
        return made["BackupDetails"]["BackupArn"]

    def bring_back(self, backup: str) -> None:
        """Steps 3 and 4, and what the hours of a restore do to Lambda's processes."""
        tables, name = self.access.dynamodb, self.outputs.ledger_table
        tables.delete_table(TableName=name)
        tables.restore_table_from_backup(
            TargetTableName=name,
            BackupArn=backup,
            SSESpecificationOverride={
                "Enabled": True,
                "SSEType": "KMS",
                "KMSMasterKeyId": f"alias/{name.removesuffix('-ledger')}",
            },
        )
        self.access.functions.update_function_configuration(
            FunctionName=self.outputs.function_names[SERVICE], Description="after the restore"
        )

    def say_so(self, moment: float) -> None:
        """Steps 5 and 6."""
        described = self.access.dynamodb.describe_table(TableName=self.outputs.ledger_table)
        self.access.dynamodb.put_item(
            TableName=self.outputs.circuit_table,
            Item={
                "service": {"S": SERVICE},
                "record": {"S": "ledger"},
                "table": {"S": described["Table"].get("TableId", "")},
                "restored_to": {"N": str(moment)},
            },
        )

    def until(self, what: str, seen: Callable[[], bool]) -> None:
        until(seen, lambda: f"{what}: {self.status()}", within=PATIENCE, every=LOOK)


@pytest.fixture(scope="module")
def payments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Payments]:
    """`before` was paid before the moment, `after` and `forgotten` were paid after it.

    Of the last one the bank knows nothing any more.
    """
    with System.start(
        tmp_path_factory.mktemp("restored"),
        settings={"bankKeyMemory": str(KEY_MEMORY)},
        bank=BankSettings(),
    ) as system:
        payments = Payments(system)
        payments.pay("before")
        payments.until("the first payment", lambda: payments.entry("before") == "completed")
        backup, moment = payments.back_up(), time.time()
        for message in ("after", "forgotten"):
            payments.pay(message)
        payments.until(
            "both payments",
            lambda: {payments.entry(x) for x in ("after", "forgotten")} == {"completed"},
        )
        payments.command("disable")
        payments.until("held", lambda: payments.circuit() == "held")
        payments.bring_back(backup)
        payments.moment = moment
        time.sleep(KEY_MEMORY)
        yield payments


def test_the_restored_ledger_has_forgotten_what_was_paid_since(payments: Payments) -> None:
    assert payments.entry("before") == "completed"
    assert payments.entry("after") == ""


def test_a_worker_begins_nothing_with_a_ledger_that_it_does_not_know(payments: Payments) -> None:
    payments.calls_before = payments.calls()
    payments.pay("after")
    payments.command("enable")

    payments.until("refused", lambda: payments.status()["cause"] == "misconfigured")

    assert payments.calls() == payments.calls_before
    assert payments.entry("after") == ""


def test_what_was_paid_since_is_found_at_the_bank_and_not_paid_again(payments: Payments) -> None:
    payments.say_so(payments.moment)
    payments.command("enable")

    payments.until("taken over", lambda: payments.entry("after") == "completed")

    assert payments.booked("after") == 1
    assert payments.calls() == payments.calls_before


def test_what_was_paid_before_is_known_and_what_is_new_is_paid_once(payments: Payments) -> None:
    payments.pay("before")
    payments.pay("new")

    payments.until("the new one", lambda: payments.entry("new") == "completed")
    payments.until("an empty queue", lambda: depth(payments.access.sqs, queue(payments)) == 0)

    assert (payments.booked("before"), payments.booked("new")) == (1, 1)


def test_what_the_bank_has_forgotten_too_is_left_to_people(payments: Payments) -> None:
    bank = payments.access.bank
    bank.set(BankSettings(api_key=bank.settings().api_key, key_memory=0))
    payments.pay("forgotten")

    payments.until("left", lambda: payments.entry("forgotten") == "outcome_unknown")

    assert payments.booked("forgotten") == 1
    assert depth(payments.access.sqs, payments.outputs.dead_letter_queue_urls[SERVICE]) == 1


def queue(payments: Payments) -> str:
    return payments.outputs.queue_urls[SERVICE]
