"""A message pays for its own failures only, and only where others succeed."""

from msgspec.structs import replace

from handlers.common.circuit.state import Circuit, State
from handlers.common.errors import Cause
from handlers.common.ledger.entries import Status
from tests.unit.handlers.common.figures import RETRY, SERVICE
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.world import World
from tests.unit.handlers.rules import FIRST_FAILURE

KEY = f"{SERVICE}#m1"


def broken(world: World, times: int, customer: str = "c1") -> None:
    world.bank.always[customer] = "defect"
    for _ in range(times):
        assert world.batch(payment(customer=customer)) == ["sqs-m1"]
        world.now += 100


def test_a_defect_is_dead_lettered_after_its_attempts_if_another_succeeded_since() -> None:
    world = World()
    broken(world, RETRY.max_attempts - 1)
    world.succeed()
    assert world.batch(payment()) == []
    ((_, entry),) = world.sink.letters
    assert (entry.end, entry.code, entry.detail) == (
        Status.DEAD_LETTERED,
        "defect",
        "ZeroDivisionError",
    )
    assert world.sink.outcomes[-1].outcome is Status.DEAD_LETTERED


def test_a_defect_is_never_dead_lettered_while_nobody_succeeds() -> None:
    world = World()
    broken(world, 10 * RETRY.max_attempts)
    assert world.sink.letters == []


def test_a_bad_deployment_drains_nothing_once_it_is_mended() -> None:
    world = World()
    customers = [f"c{n}" for n in range(6)]
    for _ in range(RETRY.max_attempts * 2 + 1):
        for customer in customers:
            world.bank.always[customer] = "defect"
            world.batch(payment(f"m-{customer}", customer=customer))
            world.now += 10
        circuit = world.circuit
        if circuit.state is State.OPEN:
            assert circuit.cause is Cause.DEFECT
            closed = Circuit(service=SERVICE, generation=circuit.generation + 1)
            assert world.store.write(circuit, closed)
    assert world.sink.letters == []
    world.bank.always.clear()
    world.now += 100
    for customer in customers:
        assert world.batch(payment(f"m-{customer}", customer=customer)) == []
    assert world.sink.letters == []


def test_crashes_are_counted_and_the_message_gets_one_more_try() -> None:
    world = World()
    for _ in range(RETRY.max_attempts + 1):
        world.succeed()
        world.die_calling()
    world.succeed()
    called = len(world.bank.called)
    assert world.batch(payment()) == []
    assert len(world.bank.called) == called
    assert world.entry().status is Status.DEAD_LETTERED
    assert world.entry().code == "crashed"


def test_crashes_on_several_customers_open_the_circuit_at_the_second_of_each() -> None:
    """One alone may be a hand-back that was lost."""
    world = World()
    for opened in (False, False, True):
        for customer in ("c1", "c2"):
            assert world.circuit.state is State.CLOSED
            world.die_calling(payment(f"m-{customer}", customer=customer))
        assert (world.circuit.cause is Cause.DEFECT) is opened


def test_who_succeeds_while_crashes_are_counted_anew_is_not_forgotten() -> None:
    world = World()
    for _ in range(RETRY.max_attempts + 1):
        world.die_calling()
    world.succeed()
    for _ in range(RETRY.max_attempts):
        world.die_calling()
    assert world.batch(payment()) == []
    assert world.entry().code == "crashed"


def test_crashes_of_everybody_are_nobodys_fault() -> None:
    world = World()
    for _ in range(3 * RETRY.max_attempts):
        world.die_calling()
    world.succeed()
    assert world.batch(payment()) == []
    assert world.entry().status is Status.COMPLETED


def test_failures_of_a_time_when_nobody_succeeded_are_counted_anew() -> None:
    world = World()
    broken(world, 4 * RETRY.max_attempts)
    world.bank.always.clear()
    world.succeed()
    world.die_calling()
    world.succeed()
    assert world.batch(payment()) == []
    assert world.entry().status is Status.COMPLETED


def test_a_suspects_next_failure_is_its_own_and_the_circuit_stays_closed() -> None:
    world = World(replace(FIRST_FAILURE, consecutive_failures=2))
    world.bank.always["c1"] = "500"
    assert world.batch(payment()) == ["sqs-m1"]
    world.succeed()
    for _ in range(RETRY.max_attempts - 1):
        world.now += 100
        assert world.batch(payment()) == ["sqs-m1"]
        world.succeed()
    world.now += 100
    assert world.batch(payment()) == []
    assert world.entry().status is Status.DEAD_LETTERED
    assert world.entry().code == "bank_failure"
    assert world.sink.trips == []


def test_a_lone_failing_message_is_no_suspect() -> None:
    world = World()
    world.bank.always["c1"] = "500"
    for _ in range(3 * RETRY.max_attempts):
        assert world.batch(payment()) == ["sqs-m1"]
        world.now += 100
    assert world.sink.letters == []
    assert world.entry().attempt == 0
