"""A probe that dies at any step is made good by the next one."""

import pytest

from handlers.common.circuit.events import Verdict
from handlers.common.ledger.entries import Status
from handlers.common.messages.delivery import from_event
from tests.unit.handlers.common.figures import SERVICE, VISIBILITY
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.tap import Killed
from tests.unit.handlers.common.worker.probing import Queue, opened, probed

PROBES = (
    "circuit.read",
    "secret",
    "ledger.begin",
    "bank.call",
    "outcomes.announce",
    "ledger.write",
)
"""Calls of a worker whose probe's message the bank takes."""


def test_the_steps_of_a_probe_are_those_of_any_message() -> None:
    world = opened()
    probed(world, Queue(payment()))
    assert [call for call in world.tap.calls if call != "circuit.note_success"] == list(PROBES)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", PROBES)
def test_a_probe_that_dies_at_any_step_is_made_good_by_the_next_one(
    step: str, *, after: bool
) -> None:
    world, queue = opened(), Queue(payment())
    world.tap.kill(step, after=after)
    with pytest.raises(Killed):
        probed(world, queue)
    world.tap.faults.clear()
    world.start()
    world.now += VISIBILITY
    queue.waiting = [from_event(payment())]

    told = len(world.sink.outcomes)
    ended = f"{SERVICE}#m1" in world.ledger.entries and world.entry().ended
    verdict = probed(world, queue).verdict

    assert verdict is (Verdict.UNDECIDED if ended else Verdict.WELL)
    assert world.entry().status is Status.COMPLETED
    assert world.bank.booked == [f"{SERVICE}#m1"]
    assert queue.deleted == ["sqs-m1"]
    assert len(world.sink.outcomes) == told + (not ended)
