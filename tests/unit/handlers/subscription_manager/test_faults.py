"""The manager dies, or AWS fails, at every single call of a turn: two turns later all is whole."""

from collections.abc import Callable, Iterator

import pytest

from handlers.common.circuit.state import State
from tests.unit.handlers.subscription_manager.messages import say
from tests.unit.handlers.subscription_manager.scenarios import (
    SCENARIOS,
    alarm_fired,
    hold_over,
    mapping_changed_by_hand,
    probe_due,
    ramp_over,
    tripped,
)
from tests.unit.handlers.subscription_manager.services import PAYMENTS, RULES, managed
from tests.unit.handlers.subscription_manager.tap import Killed, Tap
from tests.unit.handlers.subscription_manager.world import World


def calls_of(scenario: Callable[[], World]) -> list[str]:
    tap = Tap()
    scenario().turn(tap)
    return tap.calls


def places() -> Iterator[object]:
    for scenario in SCENARIOS:
        for number, name in enumerate(calls_of(scenario)):
            yield pytest.param(scenario, number, id=f"{scenario.__name__}-{number}-{name}")


def names() -> Iterator[object]:
    for scenario in SCENARIOS:
        for name in sorted(set(calls_of(scenario))):
            yield pytest.param(scenario, name, id=f"{scenario.__name__}-{name}")


def is_whole(world: World) -> None:
    assert world.agrees()
    assert world.records.lease("payments") is None
    generations = world.notifications.generations("payments")
    assert sorted(set(generations)) == list(range(1, world.circuit().generation + 1))
    assert generations == sorted(generations)


@pytest.mark.parametrize("moment", ["kill_before", "kill_after"])
@pytest.mark.parametrize(("scenario", "number"), list(places()))
def test_after_a_death_at_any_call_all_is_whole_within_two_turns(
    scenario: Callable[[], World], number: int, moment: str
) -> None:
    world = scenario()
    tap = Tap()
    setattr(tap, moment, number)
    with pytest.raises(Killed):
        world.turn(tap)

    world.next_turn()
    world.next_turn()

    is_whole(world)


@pytest.mark.parametrize(("scenario", "number"), list(places()))
def test_after_a_failure_of_aws_at_any_call_all_is_whole_within_two_turns(
    scenario: Callable[[], World], number: int
) -> None:
    world = scenario()
    tap = Tap()
    tap.fail = lambda call, _name: call == number
    world.turn(tap)

    world.next_turn()
    world.next_turn()

    is_whole(world)


@pytest.mark.parametrize(("scenario", "name"), list(names()))
def test_while_an_api_fails_altogether_nothing_is_raised_and_after_it_all_is_whole(
    scenario: Callable[[], World], name: str
) -> None:
    world = scenario()
    for _ in range(3):
        tap = Tap()
        tap.fail = lambda _number, called: called == name
        world.turn(tap)
        world.now += RULES.turn

    world.next_turn()
    world.next_turn()

    is_whole(world)


@pytest.mark.parametrize("name", ["mappings.change", "mappings.view"])
def test_a_failing_lambda_api_never_keeps_the_circuit_from_opening(name: str) -> None:
    world = alarm_fired()
    tap = Tap()
    tap.fail = lambda _number, called: called == name

    world.turn(tap)

    assert world.circuit().state is State.OPEN


@pytest.mark.parametrize(
    "scenario", [tripped, probe_due, hold_over, ramp_over, alarm_fired, mapping_changed_by_hand]
)
def test_from_every_state_but_a_hold_it_closes_again_by_itself(
    scenario: Callable[[], World],
) -> None:
    world = scenario()

    for _ in range(10):
        world.next_turn()

    assert world.circuit().state is State.CLOSED
    is_whole(world)


def test_a_hold_without_an_end_outlives_a_healthy_bank() -> None:
    world = World()
    world.force(State.HELD)

    for _ in range(100):
        world.next_turn()

    assert world.circuit().state is State.HELD
    assert world.prober.probes == []


@pytest.mark.parametrize(("scenario", "number"), list(places()))
def test_another_manager_at_any_call_makes_no_second_probe_and_no_lasting_difference(
    scenario: Callable[[], World], number: int
) -> None:
    world = scenario()
    tap = Tap()

    def other_first(call: int, _name: str) -> None:
        if call == number:
            world.turn(skew=2.0)

    tap.before = other_first
    world.turn(tap)

    assert world.prober.most_running <= 1
    probed = [generation for _, generation, _ in world.prober.probes]
    assert len(probed) == len(set(probed))
    world.next_turn()
    world.next_turn()
    assert world.agrees()


@pytest.mark.parametrize(("scenario", "number"), list(places()))
def test_a_hold_ordered_at_any_call_stands(scenario: Callable[[], World], number: int) -> None:
    world = scenario()
    tap = Tap()

    def hold_first(call: int, _name: str) -> None:
        if call == number:
            world.hear((say("disable"), world.now))

    tap.before = hold_first
    world.turn(tap)
    assert world.circuit().state is State.HELD

    world.next_turn()

    assert world.circuit().state is State.HELD
    assert world.agrees()


@pytest.mark.parametrize("lasts", [1, RULES.turn, 89])
def test_a_probe_is_alone_however_long_the_worker_may_take(lasts: float) -> None:
    world = World(managed("payments", timeout=90))
    world.trip()
    world.now += RULES.turn

    def another_turn() -> None:
        world.prober.meanwhile = lambda: None
        world.now += lasts
        world.turn(skew=3.0)

    world.prober.meanwhile = another_turn
    world.turn()

    assert len(world.prober.probes) == 1


def test_a_worker_that_trips_while_the_manager_is_dead_is_found_by_the_next_turn() -> None:
    world = World()
    tap = Tap()
    tap.kill_before = 0
    with pytest.raises(Killed):
        world.turn(tap)
    world.trip()

    world.next_turn()

    assert (PAYMENTS.mapping, False, 20) in world.mappings.changes
