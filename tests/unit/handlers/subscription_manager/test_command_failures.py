"""A command meets a store that fails, or dies halfway: it is applied once, or it says so."""

import pytest

from handlers.common.circuit.state import VERSION, Circuit, State
from handlers.common.errors import AwsUnavailable
from handlers.subscription_manager.commands import NotApplied
from handlers.subscription_manager.records import Applied, Order
from tests.replacing import replace_method
from tests.unit.handlers.subscription_manager.messages import one, say
from tests.unit.handlers.subscription_manager.tap import Killed, Tap
from tests.unit.handlers.subscription_manager.world import World


@pytest.mark.parametrize("broken", ["circuits.read", "records.apply"])
def test_a_command_from_sns_that_the_store_refuses_is_raised_so_that_it_comes_again(
    broken: str,
) -> None:
    world = World()
    tap = Tap()
    tap.fail = lambda _number, name: name == broken

    with pytest.raises(NotApplied, match=f"{broken} failed"):
        world.hear((say("disable"), world.now), tap=tap)
    world.hear((say("disable"), world.now))

    assert world.circuit().state is State.HELD


def test_a_direct_command_for_a_circuit_of_a_newer_image_says_so() -> None:
    world = World()
    world.force(State.CLOSED, version=VERSION + 1)

    answer = one(world.ask({"action": "disable"}))

    assert answer["result"] == "failed"
    assert "version" in answer["detail"]


def test_a_direct_command_that_the_store_refuses_says_so() -> None:
    world = World()
    tap = Tap()
    tap.fail = lambda _number, name: name == "records.apply"

    answer = one(world.ask({"action": "disable"}, tap))

    assert answer["result"] == "failed"


def test_a_transaction_that_meets_another_one_is_tried_again() -> None:
    world = World()
    tap = Tap()
    failures = iter([True, True])
    tap.fail = lambda _number, name: name == "records.apply" and next(failures, False)

    assert one(world.ask({"action": "disable"}, tap))["result"] == "applied"


def test_a_command_that_was_applied_though_its_answer_was_lost_is_applied() -> None:
    world = World()
    apply = world.records.apply
    lost = iter([True])

    def unheard(before: Circuit, after: Circuit, order: Order) -> Applied:
        applied = apply(before, after, order)
        if next(lost, False):
            raise AwsUnavailable("no answer")
        return applied

    replace_method(world.records, "apply", unheard)
    assert one(world.ask({"action": "disable"}))["result"] == "applied"
    assert world.circuit().generation == 1


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("moment", ["kill_before", "kill_after"])
def test_a_command_that_died_halfway_is_whole_when_it_comes_again(number: int, moment: str) -> None:
    world = World()
    message = (say("disable"), world.now)
    tap = Tap()
    setattr(tap, moment, number)
    with pytest.raises(Killed):
        world.hear(message, tap=tap)

    world.now += 60
    world.hear(message)
    world.turn()

    assert (world.circuit().state, world.circuit().generation) == (State.HELD, 1)
    assert world.agrees()
