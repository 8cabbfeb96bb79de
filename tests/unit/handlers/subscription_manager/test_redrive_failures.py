"""A redrive that dies or breaks anywhere sends each letter back once."""

import io
import json
from contextlib import suppress

import msgspec
import pytest

from handlers.common.errors import AwsRefused
from handlers.common.telemetry.logs import logger
from handlers.subscription_manager.commands import NotApplied
from handlers.subscription_manager.ports import Letter
from tests.unit.handlers.subscription_manager.dead_letters import (
    letter,
    moved,
    run,
    world_with,
)
from tests.unit.handlers.subscription_manager.messages import say
from tests.unit.handlers.subscription_manager.services import RULES
from tests.unit.handlers.subscription_manager.tap import Killed, Tap


def calls_of_a_redrive(count: int | None = None) -> int:
    world = world_with(*map(letter, range(12)))
    tap = Tap()
    world.hear((say("redrive", count=count), world.now), tap=tap)
    return len(tap.calls)


@pytest.mark.parametrize("moment", ["kill_before", "kill_after"])
@pytest.mark.parametrize("number", range(calls_of_a_redrive()))
def test_a_redrive_that_died_anywhere_sends_each_letter_back_once(number: int, moment: str) -> None:
    world = world_with(*map(letter, range(12)))
    order = (say("redrive"), world.now)
    tap = Tap()
    setattr(tap, moment, number)
    with pytest.raises(Killed):
        world.hear(order, tap=tap)

    world.hear(order)
    run(world)

    assert sorted(moved(world)) == sorted(f"sqs-{number}" for number in range(12))
    assert world.letters.waiting == []
    redrive = world.records.redrive("payments")
    assert redrive is not None
    assert redrive.done_at is not None


@pytest.mark.parametrize("number", range(calls_of_a_redrive(count=2)))
@pytest.mark.parametrize("moment", ["kill_before", "kill_after", "fail"])
def test_no_more_letters_go_back_than_were_asked_for_whatever_breaks(
    number: int, moment: str
) -> None:
    letters = [msgspec.structs.replace(letter(n), group=f"c-{n}") for n in range(12)]
    world = world_with(*letters)
    tap = Tap()
    if moment == "fail":
        tap.fail = lambda call, _name: call == number
    else:
        setattr(tap, moment, number)
    order = (say("redrive", count=2), world.now)
    with suppress(Killed, NotApplied):
        world.hear(order, tap=tap)

    world.hear(order)
    run(world)

    assert 1 <= len(set(moved(world))) <= 2


def test_a_letter_that_cannot_be_sent_stops_those_behind_it() -> None:
    world = world_with(letter(1), letter(2))
    tap = Tap()
    failures = iter([True])
    tap.fail = lambda _number, name: name == "letters.send_back" and next(failures, False)

    world.ask({"action": "redrive"}, tap)
    assert moved(world) == []
    world.now += 2 * RULES.turn
    run(world)

    assert moved(world) == ["sqs-1", "sqs-2"]


def test_a_letter_that_sqs_will_never_take_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = world_with(letter(1), letter(2))
    send_back = world.letters.send_back

    def refused(url: str, letter: Letter, redrive_id: str) -> None:
        if letter.id == "sqs-1":
            raise AwsRefused("too large")
        send_back(url, letter, redrive_id)

    monkeypatch.setattr(world.letters, "send_back", refused)
    world.ask({"action": "redrive"})
    run(world)

    assert moved(world) == ["sqs-2"]
    assert [left.id for left in world.letters.waiting] == ["sqs-1"]
    redrive = world.records.redrive("payments")
    assert redrive is not None
    assert (redrive.moved, redrive.passed_over) == (1, 1)


def test_a_redrive_that_breaks_says_where_and_nothing_of_the_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = io.StringIO()
    monkeypatch.setattr(logger.handlers[0], "stream", written)
    world = world_with(letter(1))

    def broken(*_: object, **__: object) -> None:
        raise ValueError("account 98765432101234567")

    monkeypatch.setattr(world.letters, "send_back", broken)
    world.ask({"action": "redrive", "operator": "ada"})
    run(world, turns=1)

    told = [json.loads(line) for line in written.getvalue().splitlines()]
    (failed,) = [line for line in told if line["message"] == "redrive failed"][:1]
    assert failed["error"] == "ValueError"
    assert any("send" in frame or "broken" in frame for frame in failed["frames"])
    assert "98765432101234567" not in written.getvalue()
