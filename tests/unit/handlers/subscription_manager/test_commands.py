"""What an operator's command does to a service."""

import pytest

from handlers.common.circuit.state import State
from tests.unit.handlers.subscription_manager.messages import iso, one, say
from tests.unit.handlers.subscription_manager.services import PAYMENTS, SETUP
from tests.unit.handlers.subscription_manager.world import World


@pytest.mark.parametrize("action", ["disable", "stop"])
def test_a_service_is_held_by_either_word(action: str) -> None:
    world = World()

    answer = one(world.ask({"action": action, "operator": "ada", "reason": "maintenance"}))

    status = answer["status"]
    assert (answer["result"], status["circuit"]) == ("applied", "held")
    assert (status["who"], status["why"]) == ("ada", "maintenance")
    assert status["mapping"] == {
        "state": "Disabled",
        "concurrency": 20,
        "reason": "",
        "agrees": True,
    }


@pytest.mark.parametrize("action", ["enable", "start"])
def test_a_held_service_ramps_up_by_either_word(action: str) -> None:
    world = World()
    world.force(State.HELD)

    answer = one(world.ask({"action": action}))

    status = answer["status"]
    assert status["circuit"] == "half_open"
    assert (status["mapping"]["state"], status["mapping"]["concurrency"]) == ("Enabled", 2)


def test_a_repeated_direct_command_answers_the_same_and_changes_nothing() -> None:
    world = World()
    world.force(State.HELD)
    first = one(world.ask({"action": "enable"}))
    world.now += 1

    again = one(world.ask({"action": "enable"}))

    assert (first["result"], again["result"]) == ("applied", "unchanged")
    assert again["status"]["generation"] == first["status"]["generation"]


def test_a_command_without_a_service_is_for_every_service() -> None:
    world = World(PAYMENTS, SETUP)

    world.hear((say("disable", service=None), world.now))

    assert {world.circuit(name).state for name in ("payments", "setup")} == {State.HELD}


def test_a_command_for_one_service_leaves_the_other_alone() -> None:
    world = World(PAYMENTS, SETUP)

    world.hear((say("disable", service="setup"), world.now))

    assert world.circuit("payments").state is State.CLOSED
    assert world.circuit("setup").state is State.HELD


def test_a_hold_ends_at_its_time() -> None:
    world = World()
    world.ask({"action": "disable", "hold_until": iso(world.now + 100)})

    world.next_turn()
    assert world.circuit().state is State.HELD
    world.next_turn()

    assert world.circuit().state is State.HALF_OPEN


def test_a_probe_on_demand_does_not_wait_for_the_cool_down() -> None:
    world = World()
    world.trip()

    answer = one(world.ask({"action": "probe", "operator": "ada"}))

    assert len(world.prober.probes) == 1
    assert answer["status"]["circuit"] == "half_open"


def test_a_probe_on_demand_of_a_held_service_is_refused() -> None:
    world = World()
    world.force(State.HELD)

    answer = world.ask({"action": "probe"})

    assert (answer["accepted"], one(answer)["result"]) == (False, "refused")
    assert world.prober.probes == []


def test_a_probe_on_demand_of_a_closed_service_changes_nothing() -> None:
    world = World()

    assert one(world.ask({"action": "probe"}))["result"] == "unchanged"
    assert world.prober.probes == []


def test_a_refresh_puts_the_mapping_right_and_answers_with_the_status() -> None:
    world = World()
    world.mappings.enabled[PAYMENTS.mapping] = False

    answer = one(world.ask({"action": "refresh"}))

    assert answer["status"]["mapping"]["agrees"]
    assert world.agrees()
