"""At each call to the outside the process dies or the call fails, before or after its effect."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest

from handlers.common.ledger.entries import Status
from tests.unit.handlers.common.figures import RETRY, SERVICE
from tests.unit.handlers.common.records import payment, record
from tests.unit.handlers.common.tap import Fault
from tests.unit.handlers.common.world import World
from tests.unit.handlers.rules import PATIENT

Message = dict[str, Any]


@dataclass(frozen=True)
class Story:
    """One transaction, and what must have become of it whatever failed on the way."""

    end: Status
    script: tuple[str, ...] = ()
    message: Message = field(default_factory=payment)
    before: Callable[[World], None] | None = None
    booked: int = 0
    key: str = "m1"


def _called_a_day_ago(world: World) -> None:
    world.bank.script.append("booked, then cut")
    assert world.batch(payment()) == ["sqs-m1"]
    world.now += RETRY.key_memory


def _called_a_day_ago_and_forgotten(world: World) -> None:
    _called_a_day_ago(world)
    world.bank.can_say = False


STORIES = {
    "completed": Story(Status.COMPLETED, booked=1),
    "booked, but the answer was lost": Story(
        Status.COMPLETED, script=("booked, then cut",), booked=1
    ),
    "unavailable at first": Story(Status.COMPLETED, script=("500", "refused"), booked=1),
    "refused by the bank": Story(Status.REJECTED, script=("402",) * 9),
    "refused by us": Story(
        Status.REJECTED, message=record("no JSON", carrier="x"), key="carrier x"
    ),
    "asked for, a day later": Story(Status.COMPLETED, before=_called_a_day_ago, booked=1),
    "unknown": Story(Status.OUTCOME_UNKNOWN, before=_called_a_day_ago_and_forgotten, booked=1),
}


def played(story: Story, *faults: Fault) -> World:
    world = World(PATIENT)
    if story.before is not None:
        story.before(world)
    world.bank.script = list(story.script)
    world.tap.calls.clear()
    world.tap.faults = list(faults)
    world.until_ended(story.message)
    return world


def check(story: Story, world: World) -> None:
    entry = world.entry(story.key)
    assert entry.status is story.end
    assert len(world.bank.booked) == story.booked
    assert world.sink.outcomes
    assert {outcome.outcome for outcome in world.sink.outcomes} == {story.end}
    moved = story.end is not Status.COMPLETED
    assert bool(world.sink.letters) is moved
    assert {letter.carrier for letter, _ in world.sink.letters} <= {story.message["messageId"]}
    # Once ended, it stays so: a late duplicate does nothing any more.
    told, letters = len(world.sink.outcomes), len(world.sink.letters)
    world.tap.faults.clear()
    world.now += 600
    assert world.batch(story.message) == []
    assert (len(world.sink.outcomes), len(world.sink.letters)) == (told, letters)
    assert len(world.bank.booked) == story.booked


def faults(number: int) -> Iterator[Fault]:
    for at, after, kill in product(range(1, number + 1), (False, True), (False, True)):
        yield Fault(at, after=after, kill=kill)


@pytest.mark.parametrize("name", STORIES)
def test_one_fault_anywhere_changes_no_end(name: str) -> None:
    story = STORIES[name]
    calls = len(played(story).tap.calls)
    assert calls >= 4
    for fault in faults(calls):
        check(story, played(story, fault))


@pytest.mark.parametrize("name", STORIES)
def test_two_faults_anywhere_change_no_end(name: str) -> None:
    story = STORIES[name]
    calls = len(played(story).tap.calls)
    for first in faults(calls):
        for second in faults(calls + 4):
            if second.at > first.at:
                check(story, played(story, first, second))


def test_a_completed_message_costs_two_ledger_writes_and_one_publish() -> None:
    world = played(STORIES["completed"])
    assert world.tap.calls == [
        "circuit.read",
        "secret",
        "ledger.begin",
        "bank.call",
        "outcomes.announce",
        "ledger.write",
    ]


def test_the_outcome_is_announced_before_the_ledgers_final_write() -> None:
    world = World()
    world.tap.faults = [Fault(5, after=True, kill=True)]
    world.until_ended(payment())
    assert len(world.sink.outcomes) == 2
    assert world.sink.keys == [f"{SERVICE}#m1"] * 2


def test_what_is_known_to_be_booked_is_not_asked_again_however_long_announcing_fails() -> None:
    world = World()
    world.tap.faults = [Fault(5, after=False, kill=False)]
    assert world.batch(payment()) == ["sqs-m1"]
    world.now += 10 * RETRY.key_memory
    world.bank.can_say = False
    assert world.batch(payment()) == []
    assert world.bank.called == [f"{SERVICE}#m1"]
    assert world.sink.outcomes[-1].reference == "ref-0"
    assert world.entry().status is Status.COMPLETED
