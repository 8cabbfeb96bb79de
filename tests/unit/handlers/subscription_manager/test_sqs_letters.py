"""A dead letter goes back with its own attributes, under its redrive id, within SQS's limits."""

from typing import Any

import pytest
from msgspec.structs import replace

from handlers.common.errors import AwsRefused
from handlers.common.messages.attributes import LARGEST, MOST, text
from handlers.subscription_manager.ports import Letter
from handlers.subscription_manager.sqs_letters import SqsLetters

LETTER = Letter(id="sqs-1", receipt="r", body="body", group="c-1", attributes={}, sent_at=0.0)


class Queue:
    """Keeps what is sent to it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send_message(self, **message: Any) -> None:  # noqa: ANN401 - passed on
        self.sent.append(message)


def sent_back(letter: Letter) -> dict[str, Any]:
    queue: Any = Queue()
    SqsLetters(queue).send_back("url", letter, redrive_id=letter.id)
    (message,) = queue.sent
    return message


def test_what_tells_of_the_dead_lettering_stays_behind() -> None:
    letter = replace(
        LETTER, attributes={"reason": text("old"), "transaction_type": text("payment")}
    )
    attributes = sent_back(letter)["MessageAttributes"]
    assert attributes == {"redrive_id": text("sqs-1"), "transaction_type": text("payment")}


def test_a_letter_that_sqs_moved_with_all_its_attributes_makes_room_for_the_redrive_id() -> None:
    full = {f"a{number}": text("v") for number in range(MOST)}
    attributes = sent_back(replace(LETTER, attributes=full))["MessageAttributes"]
    assert len(attributes) == MOST
    assert attributes["redrive_id"] == text("sqs-1")


def test_a_letter_without_room_for_its_redrive_id_is_not_sent_as_a_repeat() -> None:
    with pytest.raises(AwsRefused):
        sent_back(replace(LETTER, body="x" * LARGEST))
