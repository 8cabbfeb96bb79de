"""A message that the bank breaks on, while little else comes."""

from msgspec.structs import replace

from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.world import World
from tests.unit.handlers.rules import FIRST_FAILURE


def found_suspect() -> World:
    """c1's message was found to be the bank's only trouble, on a service that trips at the second
    failure in a row; nothing else has come since."""
    world = World(replace(FIRST_FAILURE, consecutive_failures=2))
    world.bank.always["c1"] = "500"
    world.batch(payment())
    world.succeed()
    world.now += 100
    world.batch(payment())
    return world


def test_it_does_not_pause_the_service_though_nobody_succeeds_between_its_tries() -> None:
    world = found_suspect()

    for _ in range(4):
        world.now += 100
        world.batch(payment())

    assert world.sink.trips == []
    assert world.sink.letters == []


def test_anothers_failure_is_the_banks_and_its_own_counts_again() -> None:
    world = found_suspect()
    world.bank.always["c2"] = "500"

    world.now += 100
    world.batch(payment("m2", customer="c2"))
    world.now += 100
    world.batch(payment())

    assert len(world.sink.trips) == 1
