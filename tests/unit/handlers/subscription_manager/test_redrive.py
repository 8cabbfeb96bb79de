"""Dead letters sent back: which, in what order, and when it is over."""

import msgspec
import pytest

from handlers.common.circuit.state import State
from handlers.subscription_manager.ports import Counts, Letter
from tests.unit.handlers.subscription_manager.dead_letters import (
    letter,
    moved,
    run,
    world_with,
)
from tests.unit.handlers.subscription_manager.messages import say
from tests.unit.handlers.subscription_manager.services import PAYMENTS


def test_letters_go_back_to_their_queue_in_order_under_an_id_of_their_own() -> None:
    world = world_with(*map(letter, range(25)))

    world.ask({"action": "redrive", "operator": "ada"})
    run(world)

    assert moved(world) == [f"sqs-{number}" for number in range(25)]
    assert {url for url, _, _ in world.letters.sent} == {PAYMENTS.queue}
    assert all(redrive_id == letter.id for _, letter, redrive_id in world.letters.sent)
    assert world.letters.waiting == []


def test_the_end_of_a_redrive_is_announced_with_its_counts() -> None:
    world = world_with(letter(1), letter(2, code="other"))

    world.ask({"action": "redrive", "code": "defect", "operator": "ada"})
    run(world)

    assert world.notifications.sent == [
        {
            "kind": "redrive",
            "service": "payments",
            "operator": "ada",
            "moved": 1,
            "held_back": 0,
            "passed_over": 1,
        }
    ]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({}, ["sqs-1", "sqs-2", "sqs-3"]),
        ({"end": "rejected"}, ["sqs-2"]),
        ({"code": "insufficient_funds"}, ["sqs-2"]),
        ({"ids": ["m-3", "m-9"]}, ["sqs-3"]),
        ({"count": 2}, ["sqs-1", "sqs-2"]),
        ({"end": "rejected", "ids": ["m-3"]}, []),
    ],
)
def test_only_what_was_selected_goes_back(
    selection: dict[str, object], expected: list[str]
) -> None:
    world = world_with(letter(1), letter(2, end="rejected", code="insufficient_funds"), letter(3))

    world.ask({"action": "redrive", **selection})
    run(world)

    assert moved(world) == expected
    assert len(world.letters.waiting) == 3 - len(expected)


def test_what_stays_hides_nothing_of_its_customer_that_was_selected() -> None:
    """SQS gives ten at once, and none of a customer of whom another is hidden."""
    letters = [
        letter(number, code="other" if number % 3 == 0 else "defect") for number in range(20)
    ]
    world = world_with(*letters)

    world.ask({"action": "redrive", "code": "defect"})
    run(world)

    assert moved(world) == [f"sqs-{number}" for number in range(20) if number % 3]
    redrive = world.records.redrive("payments")
    assert redrive is not None
    assert (redrive.moved, redrive.passed_over) == (13, 7)


def test_behind_ten_letters_of_a_customer_that_stay_none_is_found() -> None:
    world = world_with(*(letter(number, code="other") for number in range(10)), letter(10))

    world.ask({"action": "redrive", "code": "defect"})
    run(world)

    assert moved(world) == []
    redrive = world.records.redrive("payments")
    assert redrive is not None
    assert (redrive.passed_over, redrive.done_at is None) == (10, False)


def test_a_redrive_waits_for_the_letters_that_the_one_before_it_left_hidden() -> None:
    world = world_with(letter(1, code="other"))
    world.ask({"action": "redrive", "code": "defect"})
    run(world, turns=3)
    first = world.records.redrive("payments")
    assert first is not None
    assert first.done_at is not None
    assert first.done_at < first.aside_until

    world.ask({"action": "redrive"})
    run(world, turns=12)

    assert moved(world) == ["sqs-1"]


def test_letters_beyond_the_count_are_visible_again_at_once() -> None:
    world = world_with(letter(1), letter(2))

    world.ask({"action": "redrive", "count": 1})

    assert [one.id for one in world.letters.receive("", 1)] == ["sqs-2"]


@pytest.mark.parametrize(("force", "expected"), [(False, ["sqs-2"]), (True, ["sqs-1", "sqs-2"])])
def test_an_overtaken_letter_goes_back_by_force_only(force: bool, expected: list[str]) -> None:
    world = world_with(letter(1), letter(2))
    world.precedence.overtaken_letters.add("sqs-1")

    world.ask({"action": "redrive", "force": force})
    run(world)

    assert moved(world) == expected
    redrive = world.records.redrive("payments")
    assert redrive is not None
    assert redrive.held_back == 2 - len(expected)


def test_a_letter_without_a_readable_reason_goes_back_where_none_was_asked_for() -> None:
    bare = Letter(id="sqs-1", receipt="r", body="no json", group="c-1")
    odd = Letter(
        id="sqs-2",
        receipt="r",
        body="[]",
        group="c-1",
        attributes={"reason": {"DataType": "String", "StringValue": "["}},
    )
    world = world_with(bare, odd)

    world.ask({"action": "redrive"})
    run(world)

    assert moved(world) == ["sqs-1", "sqs-2"]


def test_a_redrive_delivered_twice_is_run_once() -> None:
    world = world_with(letter(1))
    order = (say("redrive"), world.now)
    world.hear(order)
    run(world)
    world.letters.waiting.append(letter(2))

    world.hear(order)
    run(world)

    assert moved(world) == ["sqs-1"]


def test_a_redrive_without_an_end_is_over_after_a_day() -> None:
    world = world_with()
    world.ask({"action": "redrive"})
    world.queues.counted[PAYMENTS.dead_letter_queue] = Counts(visible=0, in_flight=9, delayed=0)
    world.now += 25 * 3600
    world.letters.waiting.append(letter(1))

    world.turn()
    world.turn()

    assert moved(world) == []
    assert world.notifications.sent[-1]["kind"] == "redrive"


def test_a_redrive_does_not_need_the_circuits_lease() -> None:
    world = world_with(letter(1))
    world.records.take_lease("payments", "lease", "prober", world.now, world.now + 600)

    world.ask({"action": "redrive"})

    assert moved(world) == ["sqs-1"]


def test_a_redrive_goes_on_while_the_service_is_held() -> None:
    world = world_with(letter(1))
    world.force(State.HELD)

    world.ask({"action": "redrive"})

    assert moved(world) == ["sqs-1"]


def test_a_letter_that_came_back_after_the_order_is_not_sent_a_second_time() -> None:
    world = world_with(letter(1))
    world.ask({"action": "redrive", "operator": "ada"})
    again = msgspec.structs.replace(letter(2), sent_at=world.clock() + 1)
    world.letters.waiting.append(again)
    run(world)
    assert moved(world) == ["sqs-1"]
    assert world.letters.waiting == [again]
