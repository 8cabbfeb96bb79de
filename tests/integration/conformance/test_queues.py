"""What this project relies on of SQS, whichever emulator stands behind the endpoint."""

import hashlib
import json
import threading
import time
import uuid
from collections import defaultdict

from tests.emulated_account import Account, eventually, refusal


def _send(account: Account, queue: str, body: str, group: str, deduplication: str) -> str:
    return account.sqs.send_message(
        QueueUrl=queue,
        MessageBody=body,
        MessageGroupId=group,
        MessageDeduplicationId=deduplication,
    )["MessageId"]


def test_a_repeated_deduplication_id_is_accepted_once(account: Account) -> None:
    queue = account.queue()

    first, second = (_send(account, queue, "x", "g", "d") for _ in range(2))

    assert first == second
    assert account.bodies(queue) == ["x"]


def test_a_deduplication_id_counts_after_its_message_was_deleted(account: Account) -> None:
    queue = account.queue()
    _send(account, queue, "x", "g", "d")
    (message,) = account.receive(queue)
    account.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    _send(account, queue, "x", "g", "d")

    assert account.bodies(queue) == []


def test_content_based_deduplication_takes_the_bodys_digest(account: Account) -> None:
    queue = account.queue(ContentBasedDeduplication="true")
    for _ in range(2):
        account.sqs.send_message(QueueUrl=queue, MessageBody="x", MessageGroupId="g")

    (message,) = account.receive(queue)

    assert message["Attributes"]["MessageDeduplicationId"] == hashlib.sha256(b"x").hexdigest()


def test_deduplication_may_count_per_group(account: Account) -> None:
    queue = account.queue(
        DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId"
    )
    for group in "ab":
        _send(account, queue, "x", group, "same")

    assert account.bodies(queue) == ["x", "x"]


def test_a_group_is_held_back_while_a_message_of_it_is_hidden(account: Account) -> None:
    queue = account.queue()
    account.send(queue, "a1", "a2", group="a")
    account.send(queue, "b1", group="b")
    (first,) = account.receive(queue, most=1)

    assert account.bodies(queue) == ["b1"]

    account.sqs.delete_message(QueueUrl=queue, ReceiptHandle=first["ReceiptHandle"])
    assert account.bodies(queue) == ["a2"]


def test_messages_that_come_back_keep_their_order(account: Account) -> None:
    queue = account.queue(VisibilityTimeout="1")
    account.send(queue, "m0", "m1", "m2", "m3")
    assert account.bodies(queue, most=3) == ["m0", "m1", "m2"]
    time.sleep(1.1)

    again = account.receive(queue)

    assert [message["Body"] for message in again] == ["m0", "m1", "m2", "m3"]
    counts = [message["Attributes"]["ApproximateReceiveCount"] for message in again]
    assert counts == ["2", "2", "2", "1"]


def test_a_later_message_that_is_free_waits_for_an_earlier_hidden_one(account: Account) -> None:
    queue = account.queue()
    account.send(queue, "m0", "m1")
    _, later = account.receive(queue)

    account.sqs.change_message_visibility(
        QueueUrl=queue, ReceiptHandle=later["ReceiptHandle"], VisibilityTimeout=0
    )

    assert account.bodies(queue) == []


def test_a_batch_handed_back_with_one_visibility_comes_again_in_order(account: Account) -> None:
    queue = account.queue()
    account.send(queue, "m0", "m1")
    entries = [
        {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 2}
        for number, message in enumerate(account.receive(queue))
    ]

    account.sqs.change_message_visibility_batch(QueueUrl=queue, Entries=entries)
    assert account.bodies(queue) == []

    assert eventually(lambda: account.bodies(queue)) == ["m0", "m1"]


def test_a_message_received_too_often_moves_to_the_dead_letter_queue(account: Account) -> None:
    dead_letters = account.queue()
    policy = {"deadLetterTargetArn": account.queue_arn(dead_letters), "maxReceiveCount": 1}
    queue = account.queue(VisibilityTimeout="0", RedrivePolicy=json.dumps(policy))
    account.send(queue, "m0", group="customer")
    account.receive(queue)
    time.sleep(0.1)
    assert account.bodies(queue) == []

    (moved,) = account.receive(dead_letters, wait=2)

    assert moved["Body"] == "m0"
    assert moved["Attributes"]["MessageGroupId"] == "customer"
    assert moved["Attributes"]["DeadLetterQueueSourceArn"] == account.queue_arn(queue)


def test_sequence_numbers_rise(account: Account) -> None:
    queue = account.queue()
    numbers = [
        account.sqs.send_message(
            QueueUrl=queue,
            MessageBody="x",
            MessageGroupId="g",
            MessageDeduplicationId=uuid.uuid4().hex,
        ).get("SequenceNumber", "")
        for _ in range(5)
    ]

    assert numbers == sorted(set(numbers))
    assert all(number.isdigit() for number in numbers)


def test_visible_and_hidden_messages_are_counted(account: Account) -> None:
    queue = account.queue()
    for group in "abc":
        account.send(queue, "x", group=group)
    account.receive(queue, most=1)

    assert account.depth(queue) == (2, 1)


def test_a_fifo_queue_refuses_a_delay_of_one_message(account: Account) -> None:
    queue = account.queue()

    found = refusal(
        account.sqs.send_message,
        QueueUrl=queue,
        MessageBody="x",
        MessageGroupId="g",
        MessageDeduplicationId="d",
        DelaySeconds=5,
    )

    assert found == "InvalidParameterValue"


def test_a_message_of_a_mebibyte_fits(account: Account) -> None:
    queue = account.queue(MaximumMessageSize="1048576")

    account.send(queue, "x" * 1_000_000)

    assert account.depth(queue) == (1, 0)


def test_a_receipt_that_was_superseded_deletes_nothing(account: Account) -> None:
    queue = account.queue(VisibilityTimeout="0")
    account.send(queue, "x")
    (old,) = account.receive(queue)
    account.receive(queue)

    refusal(account.sqs.delete_message, QueueUrl=queue, ReceiptHandle=old["ReceiptHandle"])

    assert account.bodies(queue) == ["x"]


def test_a_long_poll_wakes_when_a_message_comes(account: Account) -> None:
    queue = account.queue()
    waits: list[float] = []
    for _ in range(5):
        sender = threading.Timer(0.2, account.send, [queue, "x"])
        sender.start()
        begun = time.monotonic()
        (message,) = account.receive(queue, wait=5)
        waits.append(time.monotonic() - begun - 0.2)
        sender.join()
        account.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    assert min(waits) < 0.08


def test_a_long_poll_ends_empty_after_its_time(account: Account) -> None:
    begun = time.monotonic()

    assert account.bodies(account.queue(), wait=1) == []
    assert 0.9 < time.monotonic() - begun < 3


def test_parallel_consumers_share_a_queue_without_doubles_and_in_order(account: Account) -> None:
    queue = account.queue()
    for number in range(60):
        account.send(queue, f"{number:02}", group=str(number % 6))
    seen: defaultdict[str, list[str]] = defaultdict(list)

    def consume() -> None:
        while messages := account.receive(queue, most=3, wait=1):
            for message in messages:
                seen[message["Attributes"]["MessageGroupId"]].append(message["Body"])
                account.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    threads = [threading.Thread(target=consume) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(map(len, seen.values())) == 60
    assert all(bodies == sorted(bodies) for bodies in seen.values())


def test_a_queues_settings_are_given_back(account: Account) -> None:
    given = {"ContentBasedDeduplication": "true", "VisibilityTimeout": "77"}
    queue = account.queue(fifo=True, **given)

    found = account.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]

    assert {name: found[name] for name in given} == given
