"""Each service stands alone: one that fails or is slow keeps nothing from the others."""

from threading import Barrier, Event

import pytest

from handlers.common.circuit.probes import ProbeAnswer
from handlers.common.circuit.state import VERSION, State
from handlers.common.circuit.store import View
from handlers.subscription_manager.commands import NotApplied
from handlers.subscription_manager.settings import Managed
from tests.replacing import replace_method
from tests.unit.handlers.subscription_manager.messages import say, turns
from tests.unit.handlers.subscription_manager.services import FULL, PAYMENTS, RULES, SETUP, managed
from tests.unit.handlers.subscription_manager.world import World


def with_an_unreadable_record(world: World, broken: str) -> None:
    """Somebody changed the item by hand, say."""
    read = world.circuits.read

    def misread(service: str) -> View:
        if service == broken:
            raise ValueError
        return read(service)

    replace_method(world.circuits, "read", misread)


def test_a_command_that_fails_for_one_service_is_applied_to_the_others_and_comes_again() -> None:
    world = World(PAYMENTS, SETUP)
    world.force(State.CLOSED, "payments", version=VERSION + 1)
    message = (say("disable"), world.now)

    with pytest.raises(NotApplied, match="payments"):
        world.hear(message)

    assert world.circuit("setup").state is State.HELD
    assert world.agrees(SETUP)
    world.newer = True
    world.hear(message)
    assert world.circuit("payments").state is State.HELD


def test_a_record_that_nobody_can_read_keeps_no_command_from_another_service() -> None:
    world = World(PAYMENTS, SETUP)
    with_an_unreadable_record(world, "payments")

    with pytest.raises(NotApplied, match="payments"):
        world.hear((say("disable"), world.now))

    assert world.circuit("setup").state is State.HELD


def test_a_record_that_nobody_can_read_is_a_gap_in_the_status() -> None:
    world = World(PAYMENTS, SETUP)
    with_an_unreadable_record(world, "payments")

    world.hear((say("status"), world.now))

    payments, setup = world.notifications.sent[-1]["services"]
    assert payments == {"service": "payments", "status": None}
    assert setup["status"]["circuit"] == "closed"


def test_one_service_that_fails_does_not_stop_the_other() -> None:
    world = World(PAYMENTS, SETUP)
    world.trip("payments")
    world.trip("setup")
    with_an_unreadable_record(world, "payments")

    assert turns(world.turn()) == {"payments": "failed", "setup": "done"}
    assert (SETUP.mapping, False, FULL) in world.mappings.changes


def test_a_slow_probe_of_one_service_keeps_no_other_waiting() -> None:
    world = World(PAYMENTS, SETUP)
    world.trip("payments")
    world.trip("setup")
    world.turn()
    world.now += RULES.turn
    probe, other_probed = world.prober.probe, Event()

    def slow_for_payments(managed: Managed, generation: int, lease: str) -> ProbeAnswer:
        if managed is PAYMENTS:
            assert other_probed.wait(timeout=10)
        else:
            other_probed.set()
        return probe(managed, generation, lease)

    replace_method(world.prober, "probe", slow_for_payments)
    answer = world.turn()

    assert turns(answer) == {"payments": "done", "setup": "done"}


def test_as_many_services_as_a_stack_has_room_for_are_probed_at_once() -> None:
    services = [managed(f"service-{n}") for n in range(16)]
    world = World(*services)
    for each in services:
        world.trip(each.service)
    world.turn()
    world.now += RULES.turn
    probe, together = world.prober.probe, Barrier(len(services), timeout=10)

    def with_all_others(managed: Managed, generation: int, lease: str) -> ProbeAnswer:
        together.wait()
        return probe(managed, generation, lease)

    replace_method(world.prober, "probe", with_all_others)

    assert set(turns(world.turn()).values()) == {"done"}
