"""What leaves for the control topic."""

from types import SimpleNamespace
from typing import Any

import pytest

from control.errors import NotSeenError, OpenedAgainError, UsageError
from control.orders import Orders
from control.records import Circuit, Marks, Redrive

NAME = "payment-processing"


class Topic:
    """Takes what is published."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def publish(self, *, TopicArn: str, Message: str) -> None:  # noqa: N803 - AWS's own
        assert TopicArn == "control"
        self.messages.append(Message)


class Stack:
    """A stack of one service, on which no command has an effect."""

    def __init__(self) -> None:
        self.topic = Topic()
        self.place = SimpleNamespace(control_topic="control", caller="ada", sns=self.topic)
        self.records = self

    def service(self, name: str) -> SimpleNamespace:
        return SimpleNamespace(service=name)

    def circuit(self, _: str) -> Circuit:
        return Circuit()

    def marks(self, _: str) -> Marks:
        return Marks()

    def redrive(self, _: str) -> Redrive:
        return Redrive()


@pytest.fixture
def stack() -> Stack:
    return Stack()


@pytest.fixture
def orders(stack: Any) -> Orders:  # noqa: ANN401 - in place of a real one
    return Orders(stack, patience=0)


def test_a_reason_that_the_manager_would_refuse_is_not_sent(stack: Stack, orders: Orders) -> None:
    with pytest.raises(UsageError, match=r"disable cannot be sent: .* length <= 500 .*reason"):
        orders.disable(NAME, "x" * 501, None)
    assert stack.topic.messages == []


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        ({"count": 0}, "count"),
        ({"ids": ["m"] * 101}, "ids"),
        ({"ids": ["m" * 129]}, "ids"),
        ({"end": "e" * 41}, "end"),
        ({"code": "c" * 81}, "code"),
    ],
)
def test_a_choice_of_letters_that_the_manager_would_refuse_is_not_sent(
    stack: Stack, orders: Orders, choice: dict[str, object], field: str
) -> None:
    with pytest.raises(UsageError, match=rf"redrive cannot be sent: .*\$\.{field}"):
        orders.redrive(NAME, "repaired", choice)
    assert stack.topic.messages == []


def test_what_no_message_can_carry_is_not_sent(stack: Stack, orders: Orders) -> None:
    with pytest.raises(UsageError, match="is no text"):
        orders.disable(NAME, "\udcff", None)
    assert stack.topic.messages == []


class Obeyed(Stack):
    """A stack on which a command takes effect, and its circuit stands so after it."""

    def __init__(self, after: Circuit) -> None:
        super().__init__()
        self._after = after

    def circuit(self, _: str) -> Circuit:
        return self._after if self.topic.messages else Circuit(state="held")

    def marks(self, _: str) -> Marks:
        return Marks(switch_at=float(len(self.topic.messages)))

    def mapping(self, _: object) -> tuple[str, int]:
        return "Enabled", 2


def obeyed(after: Circuit) -> Orders:
    stack: Any = Obeyed(after)
    return Orders(stack, patience=0)


def test_a_service_that_is_resumed_is_told_with_its_circuit_and_mapping() -> None:
    done = obeyed(Circuit(state="half_open")).enable(NAME, "over")

    assert (done.before, done.circuit, done.mapping) == ("held", "half_open", "Enabled")


def test_a_service_that_is_resumed_too_early_is_said_to_be_open_again_and_why() -> None:
    orders = obeyed(Circuit(state="open", why="the bank answered 503"))

    with pytest.raises(OpenedAgainError, match="is open again: the bank answered 503"):
        orders.enable(NAME, "too early")


def test_what_was_sent_and_has_no_effect_in_time_is_said_to_be_on_its_way(
    stack: Stack, orders: Orders
) -> None:
    with pytest.raises(NotSeenError, match=r"was sent, .* not seen in 0 s.* may still come"):
        orders.disable(NAME, "bank window", None)
    assert len(stack.topic.messages) == 1
