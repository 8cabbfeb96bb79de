"""The simulator's model of a FIFO queue beside the embedded AWS: same schedule, same deliveries."""

import random
import time
from collections.abc import Callable
from typing import Any, Protocol

import pytest

from bench.simulator.engine import Engine
from bench.simulator.queue import Queue
from tests.emulated_account import Account

VISIBILITY, LONG = 2.0, 600.0
"""Seconds: for a schedule that waits for them, and for one in which no time is to pass."""

MAX_RECEIVES = 2


class Subject(Protocol):
    def send(self, body: str, group: str, deduplication: str) -> None: ...
    def receive(self, most: int) -> list[tuple[str, int]]: ...
    def delete(self, body: str) -> None: ...
    def hide(self, body: str, seconds: int) -> None: ...
    def wait(self, seconds: float) -> None: ...
    def dead(self) -> list[str]: ...
    def counts(self) -> tuple[int, int]: ...


class Modelled:
    def __init__(self, engine: Engine, visibility: float) -> None:
        self._engine = engine
        self._dead = Queue(engine)
        self._queue = Queue(
            engine,
            visibility=visibility,
            max_receives=MAX_RECEIVES,
            dead_letters=self._dead,
            by_group=False,
        )
        self._receipts: dict[str, str] = {}

    def send(self, body: str, group: str, deduplication: str) -> None:
        self._queue.send(body, group, deduplication)

    def receive(self, most: int) -> list[tuple[str, int]]:
        found = self._queue.receive(most)
        self._receipts.update({message.body: message.receipt for message in found})
        return [(message.body, message.receives) for message in found]

    def delete(self, body: str) -> None:
        self._queue.delete(self._receipts[body])

    def hide(self, body: str, seconds: int) -> None:
        self._queue.hide([self._receipts[body]], seconds)
        self._engine.run(self._engine.now)

    def wait(self, seconds: float) -> None:
        self._engine.run(self._engine.now + seconds)

    def dead(self) -> list[str]:
        return [message.body for message in self._dead.receive(10)]

    def counts(self) -> tuple[int, int]:
        return self._queue.visible, self._queue.in_flight


class Emulated:
    def __init__(self, account: Account, visibility: float) -> None:
        self._sqs: Any = account.sqs
        self._dead = account.queue()
        arn = self._sqs.get_queue_attributes(QueueUrl=self._dead, AttributeNames=["QueueArn"])
        target = arn["Attributes"]["QueueArn"]
        self._url = account.queue(
            VisibilityTimeout=f"{visibility:.0f}",
            RedrivePolicy=f'{{"deadLetterTargetArn":"{target}","maxReceiveCount":{MAX_RECEIVES}}}',
        )
        self._receipts: dict[str, str] = {}

    def send(self, body: str, group: str, deduplication: str) -> None:
        self._sqs.send_message(
            QueueUrl=self._url,
            MessageBody=body,
            MessageGroupId=group,
            MessageDeduplicationId=deduplication,
        )

    def receive(self, most: int) -> list[tuple[str, int]]:
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=most,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        found = answer.get("Messages", [])
        self._receipts.update({m["Body"]: m["ReceiptHandle"] for m in found})
        return [(m["Body"], int(m["Attributes"]["ApproximateReceiveCount"])) for m in found]

    def delete(self, body: str) -> None:
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=self._receipts[body])

    def hide(self, body: str, seconds: int) -> None:
        self._sqs.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=self._receipts[body], VisibilityTimeout=seconds
        )

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def dead(self) -> list[str]:
        answer = self._sqs.receive_message(QueueUrl=self._dead, MaxNumberOfMessages=10)
        return [message["Body"] for message in answer.get("Messages", [])]

    def counts(self) -> tuple[int, int]:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)
        return int(answer["Attributes"][names[0]]), int(answer["Attributes"][names[1]])


def groups_are_worked_in_order_and_blocked_while_in_flight(queue: Subject) -> list[object]:
    for body, group in (("a1", "a"), ("b1", "b"), ("a2", "a"), ("c1", "c")):
        queue.send(body, group, body)
    seen: list[object] = [queue.receive(1), queue.receive(1), queue.receive(10), queue.receive(10)]
    queue.delete("a1")
    return [*seen, queue.receive(10), queue.counts()]


def a_batch_takes_several_of_a_group_in_order(queue: Subject) -> list[object]:
    for n in range(4):
        for group in "ab":
            queue.send(f"{group}{n}", group, f"{group}{n}")
    return [queue.receive(3), queue.receive(10), queue.counts()]


def a_message_that_is_not_deleted_comes_again_after_its_timeout(queue: Subject) -> list[object]:
    queue.send("a1", "a", "a1")
    queue.send("a2", "a", "a2")
    seen: list[object] = [queue.receive(1), queue.receive(1)]
    queue.wait(VISIBILITY + 0.3)
    return [*seen, queue.receive(1), queue.counts()]


def a_message_handed_back_at_once_comes_before_the_rest_of_its_group(
    queue: Subject,
) -> list[object]:
    for body in ("a1", "a2", "a3"):
        queue.send(body, "a", body)
    seen: list[object] = [queue.receive(2)]
    queue.hide("a1", 0)
    seen.append(queue.receive(10))
    queue.hide("a2", 0)
    return [*seen, queue.receive(10)]


def a_hidden_message_keeps_its_group_back(queue: Subject) -> list[object]:
    queue.send("a1", "a", "a1")
    queue.send("a2", "a", "a2")
    queue.send("b1", "b", "b1")
    seen: list[object] = [queue.receive(1)]
    queue.hide("a1", 3)
    queue.wait(VISIBILITY + 0.3)
    seen.append(queue.receive(10))
    queue.wait(1.0)
    return [*seen, queue.receive(1)]


def the_receive_after_the_last_one_allowed_moves_it_to_the_dead_letters(
    queue: Subject,
) -> list[object]:
    queue.send("a1", "a", "a1")
    queue.send("a2", "a", "a2")
    seen: list[object] = []
    for _ in range(MAX_RECEIVES):
        seen.append(queue.receive(1))
        queue.hide("a1", 0)
    seen.append(queue.dead())
    return [*seen, queue.receive(1), queue.dead()]


def a_deduplication_id_is_stored_once_even_after_a_delete(queue: Subject) -> list[object]:
    queue.send("a1", "a", "same")
    queue.send("a2", "a", "same")
    seen: list[object] = [queue.receive(10)]
    queue.delete("a1")
    queue.send("a3", "a", "same")
    return [*seen, queue.receive(10), queue.counts()]


def any_mixture(seed: int) -> Callable[[Subject], list[object]]:
    """Random steps; nothing waits for time, so that both sides see the same."""

    def schedule(queue: Subject) -> list[object]:
        rng = random.Random(seed)  # noqa: S311 - chance in a test
        seen: list[object] = []
        held: list[str] = []
        for step in range(120):
            match rng.choice(("send", "send", "receive", "delete", "hide")):
                case "send":
                    queue.send(f"m{step}", f"g{rng.randrange(5)}", f"m{step}")
                case "receive":
                    found = queue.receive(rng.randint(1, 4))
                    held += [body for body, _ in found]
                    seen.append(found)
                case "delete" if held:
                    queue.delete(held.pop(rng.randrange(len(held))))
                case "hide" if held:
                    queue.hide(held.pop(rng.randrange(len(held))), 0)
                case _:
                    pass
        return seen

    return schedule


Schedule = Callable[[Subject], list[object]]

SCHEDULES: dict[Schedule, float] = {
    groups_are_worked_in_order_and_blocked_while_in_flight: LONG,
    a_batch_takes_several_of_a_group_in_order: LONG,
    a_message_that_is_not_deleted_comes_again_after_its_timeout: VISIBILITY,
    a_message_handed_back_at_once_comes_before_the_rest_of_its_group: LONG,
    a_hidden_message_keeps_its_group_back: VISIBILITY,
    the_receive_after_the_last_one_allowed_moves_it_to_the_dead_letters: LONG,
    a_deduplication_id_is_stored_once_even_after_a_delete: LONG,
}


def both(
    schedule: Schedule, account: Account, visibility: float
) -> tuple[list[object], list[object]]:
    """What the model delivers, and what the embedded AWS does."""
    with Engine() as engine:
        modelled = schedule(Modelled(engine, visibility))
    return modelled, schedule(Emulated(account, visibility))


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda one: one.__name__)
def test_the_model_delivers_as_the_embedded_aws_does(schedule: Schedule, account: Account) -> None:
    modelled, emulated = both(schedule, account, SCHEDULES[schedule])
    assert modelled == emulated


@pytest.mark.parametrize("seed", range(3))
def test_a_random_schedule_gives_the_same_deliveries(seed: int, account: Account) -> None:
    modelled, emulated = both(any_mixture(seed), account, LONG)
    assert modelled == emulated
